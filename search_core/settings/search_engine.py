"""How OpenSearch is reached and how indices are laid out."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, model_validator

from search_core.setting_choices import AwsService, VectorCompression, VectorEngine
from search_core.settings.section import PositiveInt, Section


class SearchEngineSettings(Section):
    """`[search_engine]`: how OpenSearch is reached and how indices are laid out."""

    url: str = "http://127.0.0.1:9200"
    """Where OpenSearch listens. Where it is not set and `shopkeeper up` has started a local node,
    that one is used."""
    user: str | None = None
    """For basic authentication; with `password`."""
    password: SecretStr | None = None
    """For basic authentication. Better given as SHOPKEEPER_SEARCH_ENGINE__PASSWORD."""
    ca_certs: Path | None = None
    """File of certificate authorities that OpenSearch's certificate is checked against."""
    client_certificate: Path | None = None
    """Certificate (PEM) by which Shopkeeper shows OpenSearch who it is; with `client_key`."""
    client_key: Path | None = None
    """Private key (PEM) of `client_certificate`."""
    verify_certs: bool = True
    """Off accepts any certificate: for trials only."""
    aws_region: str | None = None
    """Region of an OpenSearch on AWS, e.g. `eu-central-1`: requests are then signed (SigV4) with
    the credentials that AWS's own tools would use. Needs the extra `aws`; unset: not signed."""
    aws_service: AwsService = AwsService.DOMAIN
    """`es` for a domain of Amazon OpenSearch Service, `aoss` for a serverless collection."""
    timeout_seconds: Annotated[float, Field(gt=0)] = 30.0
    """Longest wait for one answer while indexing. `retrieval.deadline_ms` bounds searches."""
    shards: PositiveInt = 1
    """Primary shards of a new generation. One serves a few million products; more spread the work
    of larger catalogues over nodes."""
    replicas: Annotated[int, Field(ge=0)] = 0
    """Copies of each shard, set after the bulk write. Zero suits a single node; production wants 1
    or more, to survive the loss of a node."""
    vector_engine: VectorEngine = VectorEngine.LUCENE
    """`lucene` works on every OpenSearch; `faiss` where its native library is installed."""
    vector_compression: VectorCompression = VectorCompression.NONE
    """`byte`: a quarter of the disk and memory for hardly less recall, the choice from some hundred
    thousand products on. `scalar`: a quarter of the memory, but more disk. Measured in
    docs/sizing.md. Takes effect with the next full reindex."""
    hnsw_m: Annotated[int, Field(ge=2, le=100)] = 16
    """Neighbours of each vector in the HNSW graph. More: better recall, larger and slower index.
    Source: Malkov and Yashunin 2018 recommend 5 to 48."""
    hnsw_ef_construction: Annotated[int, Field(ge=8, le=1000)] = 100
    """Candidates looked at while the graph is built. More: better recall, slower indexing."""

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> "SearchEngineSettings":
        if (self.client_certificate is None) != (self.client_key is None):
            raise ValueError("client_certificate and client_key come together")
        if self.aws_region is not None and self.user is not None:
            raise ValueError("aws_region and user are two ways to show who asks: choose one")
        return self
