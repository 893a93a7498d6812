"""A running Triton, told to load what lies in its repository."""

import numpy as np
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException

from reranker.triton_errors import reranker_error
from search_core import RerankerModelError

_LOAD_SECONDS = 120.0
"""A large model on a GPU compiles for a while."""
_CANARY_SECONDS = 30.0
_CANARY = b"red dress"


class TritonModelServer:
    """Speaks to one server that runs with `--model-control-mode=explicit`."""

    def __init__(self, url: str) -> None:
        self._url = url

    def load(self, model: str, version: int) -> str:
        """Make a version live, prove it with one real inference, and return its model id.

        Raises:
            RerankerModelError: another version answers.
            RerankerError: it did not load or does not answer.
        """
        client = triton.InferenceServerClient(self._url)
        try:
            client.load_model(model, client_timeout=_LOAD_SECONDS)
            metadata = client.get_model_metadata(model, client_timeout=_CANARY_SECONDS)
            inputs = []
            for each in metadata.inputs:
                tensor = triton.InferInput(each.name, [1, 1], "BYTES")
                tensor.set_data_from_numpy(np.array([[_CANARY]], np.object_))
                inputs.append(tensor)
            result = client.infer(model, inputs, client_timeout=_CANARY_SECONDS)
        except InferenceServerException as error:
            raise reranker_error(error, model, self._url) from error
        finally:
            client.close()
        answered = result.get_response().model_version
        if answered != str(version):
            raise RerankerModelError(
                f"version {answered} of {model} answers at {self._url}, not {version}",
                remedy="the server reads another repository, or does not allow models to be loaded",
            )
        return str(result.as_numpy("MODEL_ID")[0, 0].decode())
