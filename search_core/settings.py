"""Every setting there is. Built once, in `shopkeeper/`; each package is handed its section.

Precedence: command-line flag > environment (`SHOPKEEPER_<SECTION>__<KEY>`) > `shopkeeper.toml` >
the defaults here. Unknown keys are refused.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from search_core.setting_choices import (
    DeadModel,
    FusionMethod,
    JavaSource,
    RerankerKind,
    Role,
    VectorCompression,
    VectorEngine,
)

__all__ = [
    "BusinessSignals",
    "CallerSettings",
    "CommaSeparated",
    "DeadModel",
    "EncoderSettings",
    "EvaluationSettings",
    "FieldBoosts",
    "FusionMethod",
    "FusionSettings",
    "IndexerSettings",
    "JavaSource",
    "LocalStackSettings",
    "QueryProxySettings",
    "QueryUnderstandingSettings",
    "RerankerKind",
    "RerankerSettings",
    "RetrievalSettings",
    "Role",
    "SearchEngineSettings",
    "Settings",
    "VectorCompression",
    "VectorEngine",
]

PositiveInt = Annotated[int, Field(gt=0)]
Weight = Annotated[float, Field(ge=0)]


def _split(value: object) -> object:
    """Read `a,b`, as flags and the environment write it."""
    return (
        tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value
    )


CommaSeparated = Annotated[tuple[str, ...], BeforeValidator(_split)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SearchEngineSettings(_Section):
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
    """Smaller vectors: less memory, slightly less recall."""
    hnsw_m: Annotated[int, Field(ge=2, le=100)] = 16
    """Neighbours of each vector in the HNSW graph. More: better recall, larger and slower index.
    Source: Malkov and Yashunin 2018 recommend 5 to 48."""
    hnsw_ef_construction: Annotated[int, Field(ge=8, le=1000)] = 100
    """Candidates looked at while the graph is built. More: better recall, slower indexing."""

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> "SearchEngineSettings":
        if (self.client_certificate is None) != (self.client_key is None):
            raise ValueError("client_certificate and client_key come together")
        return self


class EncoderSettings(_Section):
    """`[encoders]`: which model turns text into vectors, and how."""

    model: str = "auto"
    """`auto` looks at the catalogue's languages (English: all-minilm-l6-v2-int8, Chinese:
    bge-small-zh-v1.5-int8, English beside another script: english-multilingual, others:
    universal-sentence-encoder-multilingual); or one of the names of `shopkeeper doctor`; or a
    folder with an ONNX model and its tokenizer.json."""
    threads: Annotated[int, Field(ge=0)] = 0
    """Threads of ONNX Runtime; 0 uses every core."""
    batch_tokens: PositiveInt = 512
    """Padded tokens in one batch of an ONNX model. Larger ones leave the processor's cache and are
    slower; 1 encodes each text alone, so that an int8 model gives a text the same vector whatever
    stands beside it, at .6 to .9 of the speed."""
    max_tokens: Annotated[int, Field(ge=8, le=512)] = 128
    """Longer texts are cut. Product texts rarely have more; time grows with length."""
    cache_max_bytes: Annotated[int, Field(ge=0)] = 4_000_000_000
    """Size of the cache of vectors on disk, oldest use dropped first; 0 switches it off."""


class IndexerSettings(_Section):
    """`[indexer]`: how a catalogue becomes a generation."""

    bulk_threads: PositiveInt = 2
    """Bulk requests under way at once. More than the node has cores only fills its queue."""
    bulk_bytes: PositiveInt = 4_000_000
    """Size of one bulk request. OpenSearch's guidance is 3 to 5 MB."""
    chunk_products: PositiveInt = 2_000
    """Products that are encoded together, sorted by length. More: less padding, more memory and a
    longer way to the first written product."""
    max_reject_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """A generation for which a larger share of the rows was set aside does not go live: more likely
    the schema is wrong than the catalogue."""
    max_title_chars: PositiveInt = 2_000
    """A row with a longer title is set aside: it is a broken export, not a title."""
    max_text_chars: PositiveInt = 200_000
    """A row with a longer description is set aside."""
    max_rejects: Annotated[int, Field(ge=0)] | None = None
    """The run ends when more rows than this are set aside; unset: never."""
    keep_generations: PositiveInt = 2
    """Generations kept behind an alias, the live one included: 2 allows one rollback."""
    segments: PositiveInt | None = None
    """Merge each shard of a new generation into so many segments before it goes live; unset leaves
    merging to OpenSearch. Merging costs a third of the load again; fewer segments are less work for
    a search, and find slightly less at the same number of candidates (docs/indexing.md)."""
    passage_description_chars: Annotated[int, Field(ge=0)] = 120
    """Characters of the description that are encoded after title and product type."""


class FusionSettings(_Section):
    """`[retrieval.fusion]`. The defaults are measured in docs/relevance.md."""

    method: FusionMethod = FusionMethod.RECIPROCAL_RANK
    """`reciprocal_rank` looks at ranks only and needs no tuning; the others mix scores."""
    all_terms_weight: Weight = 1.0
    """Weight of the BM25 leg in which every term has to match."""
    some_terms_weight: Weight = 0.5
    """Weight of the BM25 leg in which some terms have to match."""
    dense_weight: Weight = 1.25
    """Weight of the k-NN leg."""
    rank_constant: PositiveInt = 60
    """How fast a leg's vote falls with rank. Source: Cormack, Clarke and Büttcher 2009."""


class FieldBoosts(_Section):
    """How much a term counts in each field of a BM25 leg; 0 leaves the field out."""

    title: Weight = 1.0
    """The product's title."""
    product_type: Weight = 1.0
    """What the product is."""
    brand: Weight = 1.0
    """The brand's name."""
    category: Weight = 1.0
    """All steps of the category path."""
    description: Weight = 1.0
    """The description."""
    attributes: Weight = 1.0
    """The values of all attributes."""
    codes: Weight = 1.0
    """EAN, SKU and model number."""


class RetrievalSettings(_Section):
    """`[retrieval]`: how a query is answered."""

    all_terms: bool = True
    """The BM25 leg in which every term has to match. Its matches are the result's body: totals,
    facets and deep pages count them all."""
    some_terms: bool = True
    """The BM25 leg in which some terms have to match: what is found when not all do."""
    dense: bool = True
    """The k-NN leg."""
    candidates: Annotated[int, Field(ge=10, le=1000)] = 200
    """Products that each leg proposes. More: better recall, slower."""
    dense_floor: Annotated[float, Field(ge=0, le=1)] = 0.4
    """Candidates of the k-NN leg whose cosine is below this share of the best one's are left out,
    so that totals and facets do not count what only a vector search would propose. Higher: shorter,
    cleaner results, less recall. Measured in docs/relevance.md."""
    all_terms_boosts: FieldBoosts = FieldBoosts(title=3.0, product_type=3.0, attributes=0.5)
    """A product whose title has the words is more often meant than one that mentions them."""
    some_terms_boosts: FieldBoosts = FieldBoosts()
    """Even weights: this leg looks at the same words in another way than the first."""
    minimum_should_match: Annotated[str, Field(pattern=r"^[-\d%<\s]+$")] = "-50%"
    """How many terms the second leg needs, in OpenSearch's notation; `-50%`: half, rounded up."""
    zero_result_fallback: bool = True
    """When no leg finds anything, accept words that differ by a letter or two."""
    collapse_variants: bool = False
    """Show one product a variant group, the best-ranked."""
    deadline_ms: PositiveInt = 2_000
    """A search that has no answer by then ends with an error."""
    fusion: FusionSettings = FusionSettings()
    """How the legs' results become one ranking."""


class BusinessSignals(_Section):
    """`[reranker.business]`: what moves products in the rerank window besides relevance.

    All weights are 0 until a shop has measured that another one earns its place.
    """

    popularity_weight: Weight = 0.0
    """What the most popular product of the window gains over the least popular one."""
    available_weight: Weight = 0.0
    """What a product that can be bought now gains over one that cannot; one of which nothing is
    known gains nothing."""


class RerankerSettings(_Section):
    """`[reranker]`: a cross-encoder that reads query and product together.

    docs/reranker.md says what it was measured to gain.
    """

    kind: RerankerKind = RerankerKind.NONE
    """`none` keeps the order of fusion; `triton` asks a Triton server; `onnx` computes in this
    process, for trials and measurements without a server."""
    url: Annotated[str, Field(pattern=r"^[^/\s]+:\d+$")] = "127.0.0.1:8001"
    """Host and port of Triton's gRPC service. Where it is not set and `shopkeeper up --triton` has
    started a server, that one is used."""
    triton_model: Annotated[str, Field(pattern=r"^[\w-]+$")] = "cross_encoder"
    """Name of the model in Triton's repository."""
    cross_encoder: str = "ms-marco-minilm-l12-v2-int8"
    """What `shopkeeper reranker install` publishes, and what `onnx` loads: the named model, or a
    folder with an ONNX cross-encoder and its tokenizer.json."""
    repository: Path | None = None
    """Triton's model repository. Unset: `triton/models` in the local stack's data folder."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of the queries that are reranked. Empty: those of the model's card. A query
    in another language keeps the order of fusion."""
    rerank_window: Annotated[int, Field(ge=2, le=1000)] = 50
    """Fused candidates that are scored again. More: better order, slower; time grows with it."""
    weight: Annotated[float, Field(ge=0, le=1)] = 0.4
    """The cross-encoder's share of the mixed score; fusion has the rest. 0 leaves fusion's order, 1
    the cross-encoder's alone."""
    timeout_ms: PositiveInt = 800
    """A search waits no longer for the reranker, and less where `retrieval.deadline_ms` leaves
    less."""
    passage_fields: tuple[str, ...] = ("title", "product_type", "description")
    """What of a product the cross-encoder reads, in this order: fields of the product, names of
    attributes (with the name before the value), or `attributes` for the first of them."""
    passage_field_chars: Annotated[int, Field(ge=10, le=10_000)] = 120
    """Characters of a field that are read; the title is never cut."""
    passage_attributes: Annotated[int, Field(ge=1, le=100)] = 8
    """How many attributes `attributes` in `passage_fields` stands for."""
    max_tokens: Annotated[int, Field(ge=16, le=512)] = 256
    """Longer pairs are cut by `onnx`; Triton has its own limit in config.pbtxt."""
    threads: Annotated[int, Field(ge=0)] = 0
    """Threads that compute for `onnx`; 0: one a core."""
    pairs_per_request: Annotated[int, Field(ge=1, le=256)] = 64
    """A larger window is split into requests of at most so many pairs, which Triton spreads over
    its instances."""
    cached_scores: Annotated[int, Field(ge=0)] = 100_000
    """Scores kept in memory (about 150 bytes each), oldest use dropped first; 0 keeps none."""
    failures_to_open: PositiveInt = 3
    """After so many failures in a row no search waits for the reranker any more."""
    cool_down_ms: PositiveInt = 1_000
    """How often a broken reranker is tried again, beside the searches."""
    dead_model: DeadModel = DeadModel.RELOAD
    """`reload` asks Triton to load a model again whose process has died: Triton does not by itself,
    and needs `--model-control-mode=explicit` for it. `leave` waits for whoever looks after it."""
    business: BusinessSignals = BusinessSignals()
    """Signals besides relevance."""


class QueryUnderstandingSettings(_Section):
    """`[query_understanding]`: what is read into a query; docs/query_understanding.md measures."""

    enabled: bool = True
    """Off takes every query as it was typed."""
    normalize: bool = True
    """Width, control characters, traditional to simplified Chinese."""
    price: bool = True
    """`under 500`, `$20-30`, 500元以下 become a filter, `cheap` a preference."""
    negation: bool = True
    """`without lace`, 不要塑料: such products are moved down."""
    quantities: bool = True
    """`1 TB` also finds 1000GB, 15寸 also 15 inch: other wordings that the catalogue has."""
    compounds: bool = False
    """`head set` also finds headset, and the other way round. Off: on the judgments it raised the
    measure on judged hits and lowered the plain one, so it has not won."""
    spelling: bool = True
    """Words that neither the catalogue nor the language has are corrected, if that is clear."""
    entities: bool = False
    """Brands and attribute values are preferred in their own fields. Off: it gained nothing on the
    judgments."""
    product_kinds: bool = True
    """Main products are preferred to their accessories, unless the query asks for these."""
    rules: Path | None = None
    """File of rules in Querqy's common-rules syntax; unset: none."""
    budget_ms: Annotated[float, Field(gt=0)] = 50.0
    """Of all units together: those that would start later are left out, and the plan says so."""
    unit_budget_ms: Annotated[float, Field(gt=0)] = 25.0
    """Of each unit: what comes later is dropped."""


class EvaluationSettings(_Section):
    """`[evaluation]`: how search is measured and when a change passes the gate."""

    measures: CommaSeparated = ("nDCG@10", "RR@10", "P@10", "R@100", "Judged@10")
    """As ir-measures writes them; the first decides comparisons and gates. Each is also taken on
    the judged hits alone."""
    depth: Annotated[int, Field(ge=10, le=1000)] = 1000
    """Hits asked for each query. Measures on the judged hits alone need many, since most hits of a
    deep result are not judged."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """Of intervals, and with which a candidate has to win."""
    resamples: Annotated[int, Field(ge=99)] = 9_999
    """Drawn for each interval and p-value. More: steadier last digits, slower."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Equal seeds draw equal resamples, so that a verdict can be repeated."""
    margin: Annotated[float, Field(ge=0)] = 0.0
    """What a candidate has to win by, on the deciding measure, to pass the gate."""
    class_limit: Annotated[float, Field(ge=0)] = 0.02
    """How much a candidate may lose on any class of queries and still pass."""
    class_queries: PositiveInt = 5
    """A class of fewer queries is shown, but decides nothing: chance moves its mean too far."""
    latency_budget_ms: Annotated[float, Field(gt=0)] | None = None
    """95 of 100 first pages have to come within it for a candidate to pass; unset: no budget."""
    cache: bool = True
    """Keep answers on disk, and reuse them while configuration, index and queries are the same."""


class CallerSettings(_Section):
    """`[query_proxy.callers.NAME]`: who may call the proxy, and how that is shown."""

    key: SecretStr | None = None
    """Sent as `Authorization: ApiKey …` or `X-API-Key: …`; at least 16 characters."""
    password: SecretStr | None = None
    """Sent with NAME by basic authentication; at least 8 characters."""
    roles: tuple[Role, ...] = (Role.SEARCH,)
    """What the caller may do."""
    requests_per_second: Annotated[float, Field(gt=0)] | None = None
    """More are answered 429; unset: no limit. Bursts of up to two seconds' worth pass."""

    @model_validator(mode="after")
    def _has_a_secret(self) -> "CallerSettings":
        if self.key is None and self.password is None:
            raise ValueError("needs a key or a password")
        for name, secret, least in (("key", self.key, 16), ("password", self.password, 8)):
            if secret is not None and len(secret.get_secret_value()) < least:
                raise ValueError(f"{name} is shorter than {least} characters")
        return self


class QueryProxySettings(_Section):
    """`[query_proxy]`: the HTTP server before OpenSearch that `shopkeeper serve` runs."""

    host: str = "127.0.0.1"
    """Address that is listened on. `0.0.0.0` lets other machines in: configure callers first."""
    port: Annotated[int, Field(ge=0, le=65535)] = 9280
    """Port that is listened on; 0 takes a free one."""
    workers: PositiveInt = 1
    """Processes. Each has its own model in memory and its own permits."""
    indices: CommaSeparated = ("products",)
    """Aliases made by Shopkeeper whose text searches become hybrid. Every other request passes
    through as it is."""
    take_over: bool = True
    """Off passes every search through: the proxy then only guards and measures."""
    open_indices: CommaSeparated = ()
    """Further indices whose searches pass through, by name or pattern (`logs-*`)."""
    allow_admin: bool = False
    """Let through what is no search: bulk writes, documents, administration. Where there are
    callers, only for those with the role `admin`."""
    callers: dict[str, CallerSettings] = {}
    """By name: `key`, `password` (secrets), `roles` (`search`, `events`, `admin`) and
    `requests_per_second`, in sections `[query_proxy.callers.NAME]`. None: everybody may search, and
    a client's own `Authorization` goes on to OpenSearch."""
    permits: PositiveInt = 64
    """Requests under way at once in a worker. More than OpenSearch's search threads only wait
    there."""
    queue: Annotated[int, Field(ge=0)] = 256
    """Requests that wait for a permit; further ones are answered 429 with `Retry-After`."""
    queue_ms: PositiveInt = 1_000
    """Longest wait for a permit; then 429."""
    timeout_seconds: Annotated[float, Field(gt=0)] = 60.0
    """Longest wait for OpenSearch's answer to a request that passes through; then 504.
    `retrieval.deadline_ms` bounds hybrid searches."""
    breaker_failures: PositiveInt = 10
    """Failures of OpenSearch in a row after which it is not asked for a while: then 503 at once."""
    breaker_seconds: Annotated[float, Field(gt=0)] = 2.0
    """How long it is not asked; afterwards one request at a time tries."""
    drain_seconds: Annotated[float, Field(ge=0)] = 20.0
    """After SIGTERM: time for requests under way to end."""
    unready_seconds: Annotated[float, Field(ge=0)] = 0.0
    """After SIGTERM: time during which requests are still taken while `/shop/ready` answers 503,
    for load balancers to notice."""
    max_body_bytes: PositiveInt = 1_000_000
    """Largest body of a search; then 413. Other bodies are streamed and bounded by OpenSearch."""
    max_size: PositiveInt = 1_000
    """Largest `size` of a search."""
    max_window: PositiveInt = 10_000
    """Largest `from` + `size`. OpenSearch's own limit is `index.max_result_window`, also 10,000."""
    max_pattern_chars: PositiveInt = 256
    """Longest `regexp`, `wildcard` or `prefix` pattern of a search: long ones can occupy a node."""
    max_aggregation_depth: PositiveInt = 5
    """Levels of aggregations within each other."""
    max_query_depth: PositiveInt = 30
    """Levels of queries within each other."""
    max_searches: PositiveInt = 100
    """Searches in one `_msearch`."""
    tls_certificate: Path | None = None
    """Certificate chain (PEM) for https; with `tls_key`."""
    tls_key: Path | None = None
    """Private key (PEM) of `tls_certificate`."""
    page: bool = True
    """Serve the search page at `/shop/`, and lead browsers there that open `/`."""
    page_title: str = "Shopkeeper"
    """The shop's name, at the top of the search page."""
    page_image_base: str | None = None
    """Address that relative addresses of pictures in the catalogue start from, e.g.
    `https://cdn.example/`. Unset: such products are drawn by their type."""
    log_queries: bool = False
    """Write what shoppers typed into the log. Off: only a hash of it."""

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> "QueryProxySettings":
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key come together")
        return self


class LocalStackSettings(_Section):
    """`[local_stack]`: the OpenSearch node that `shopkeeper up` runs on this machine."""

    cache_dir: Path | None = None
    """Downloads and vectors. Unset: the user's cache folder."""
    data_dir: Path | None = None
    """The node's data and logs. Unset: the user's data folder."""
    http_port: Annotated[int, Field(ge=0, le=65535)] = 0
    """0 takes 9200, or the next free port."""
    heap_mb: Annotated[int, Field(ge=256)] = 1024
    """The node's Java heap. 1 GB serves about a million products."""
    java: JavaSource = JavaSource.AUTO
    """`auto` takes an installed Java 21 or newer and downloads one (35 to 40 MB) where there is
    none; `installed` never downloads; `downloaded` is the same Java on every machine, but computes
    vector distances without the processor's SIMD instructions."""
    start_timeout_seconds: PositiveInt = 120
    """A node that is not healthy by then is stopped and its log named."""


class Settings(_Section):
    """All sections of `shopkeeper.toml`."""

    search_engine: SearchEngineSettings = SearchEngineSettings()
    encoders: EncoderSettings = EncoderSettings()
    indexer: IndexerSettings = IndexerSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    query_understanding: QueryUnderstandingSettings = QueryUnderstandingSettings()
    reranker: RerankerSettings = RerankerSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    query_proxy: QueryProxySettings = QueryProxySettings()
    local_stack: LocalStackSettings = LocalStackSettings()
