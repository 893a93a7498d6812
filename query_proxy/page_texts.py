"""What the search page says of its own, in each of its languages."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTexts:
    """The texts of one language. Braces stand for what is filled in."""

    language: str
    """ISO 639-1."""
    tag: str
    """What the page's `lang` says, and what numbers and prices are written in."""
    own_name: str
    to_content: str
    search_label: str
    search_placeholder: str
    search_button: str
    languages: str
    filters: str
    close: str
    show_results: str
    chosen_filters: str
    remove_filter: str
    """`{filter}`."""
    remove_all: str
    everything: str
    results_for: str
    """`{text}`."""
    one_product: str
    products: str
    """`{count}`."""
    sort: str
    sorts: dict[str, str]
    """By what the address says."""
    pages: str
    page: str
    """`{page}`."""
    previous: str
    following: str
    in_stock: str
    out_of_stock: str
    rating: str
    """`{rating}`."""
    no_price: str
    found_by: str
    legs: dict[str, str]
    """Short, by leg or part of a mixed score."""
    boost: str
    """`{reason}`."""
    why: str
    finds: dict[str, str]
    """Sentences by leg; `{rank}` is its rank there."""
    code_is_query: str
    follows_candidates: str
    ordered_by: str
    """`{sort}`."""
    read_together: str
    """`{rank}` is where fusion had it."""
    above_next: str
    """`{part}` is what made the difference."""
    level_with_next: str
    worth: str
    worth_mixed: str
    full_account: str
    nothing_found: str
    """`{text}`."""
    nothing_tips: tuple[str, ...]
    popular: str
    did_you_mean: str
    understood: str
    as_typed: str
    """`{text}`."""
    verbatim: str
    understood_again: str
    degraded: str
    degraded_parts: dict[str, str]
    """By what was done without."""
    facets: dict[str, str]
    """Titles of product fields."""
    all_categories: str
    only_in_stock: str
    yes: str
    no: str
    negated: str
    """`{value}`."""
    mentions: str
    """`{value}`."""
    more_values: str
    """`{count}`."""
    price_from: str
    price_to: str
    price_apply: str
    under: str
    """`{high}`."""
    over: str
    """`{low}`."""
    between: str
    """`{low}`, `{high}`."""
    footer: str
    failures: dict[int, tuple[str, str]] = field(default_factory=dict)
    """By HTTP status: a heading and what to do; 0 is any other."""
    back: str = ""


ENGLISH = PageTexts(
    language="en",
    tag="en",
    own_name="English",
    to_content="Skip to the products",
    search_label="Search the shop",
    search_placeholder="What are you looking for?",
    search_button="Search",
    languages="Language",
    filters="Filters",
    close="Close",
    show_results="Show products",
    chosen_filters="Chosen filters",
    remove_filter="Remove the filter {filter}",
    remove_all="Remove all",
    everything="All products",
    results_for="“{text}”",
    one_product="1 product",
    products="{count} products",
    sort="Sort by",
    sorts={
        "relevance": "Best match",
        "popularity:desc": "Most popular",
        "cheapest": "Lowest price",
        "price:desc": "Highest price",
        "rating:desc": "Best rated",
        "newest": "Newest",
    },
    pages="Pages",
    page="Page {page}",
    previous="Previous",
    following="Next",
    in_stock="In stock",
    out_of_stock="Out of stock",
    rating="Rated {rating}",
    no_price="Price on request",
    found_by="Found by",
    legs={
        "all_terms": "every word",
        "some_terms": "some words",
        "dense": "meaning",
        "fusion": "words and meaning",
        "cross_encoder": "close reading",
        "popularity": "popularity",
        "available": "availability",
        "code": "product code",
    },
    boost="rule: {reason}",
    why="Why is this here?",
    finds={
        "all_terms": "It has every word of your search: number {rank} of those that do.",
        "some_terms": "It has words of your search: number {rank} by how many, and how telling.",
        "dense": "It is close to your search in meaning: number {rank} of the closest.",
    },
    code_is_query="What you typed is one of its product codes, so it stands first.",
    follows_candidates="It has every word of your search and follows the best candidates.",
    ordered_by="It stands here by “{sort}”, not by how well it matches.",
    read_together="A model that reads your search and the product together had its say; "
    "before that it was number {rank}.",
    above_next="It stands above the next product mostly because of: {part}.",
    level_with_next="It is level with the next product; the product number decides.",
    worth="What that was worth",
    worth_mixed="What decided the final order",
    full_account="Every number",
    nothing_found="Nothing found for “{text}”",
    nothing_tips=(
        "Look for a spelling mistake, or try another word for the same thing.",
        "Use fewer words, or describe what the product is for.",
        "Remove some filters.",
    ),
    popular="Popular in the shop",
    did_you_mean="Did you mean",
    understood="We took your words to ask for",
    as_typed="We searched for “{text}”.",
    verbatim="Search for exactly what I typed",
    understood_again="Understand my words again",
    degraded="Search is working at reduced strength, so some products may be missing or out of "
    "order.",
    degraded_parts={
        "dense": "Search by meaning is resting.",
        "all_terms": "Search by every word is resting.",
        "some_terms": "Search by some of the words is resting.",
        "reranker": "The final ordering is resting.",
        "counts": "Some filters could not be counted.",
    },
    facets={
        "brand": "Brand",
        "category": "Category",
        "product_type": "Product type",
        "price": "Price",
        "currency": "Currency",
        "available": "Availability",
        "language": "Language",
        "rating": "Rating",
        "popularity": "Popularity",
        "released": "Released",
        "variant_group": "Variants",
        "codes": "Product code",
        "id": "Product number",
    },
    all_categories="All categories",
    only_in_stock="Only what is in stock",
    yes="Yes",
    no="No",
    negated="not {value}",
    mentions="mentions {value}",
    more_values="{count} more",
    price_from="From",
    price_to="To",
    price_apply="Apply",
    under="Under {high}",
    over="{low} and more",
    between="{low} to {high}",
    footer="Every place in this list can be explained.",
    failures={
        400: ("This address cannot be understood", "Start again with a new search."),
        404: ("There is no such shop here", "Look at the address, or start again."),
        429: ("Many people are searching just now", "Try again in a moment."),
        503: ("Search is not available just now", "Try again in a moment."),
        504: ("The search took too long", "Try again, or use fewer words."),
        0: ("Something went wrong", "Try again in a moment."),
    },
    back="To the start page",
)

CHINESE = PageTexts(
    language="zh",
    tag="zh-Hans",
    own_name="中文",
    to_content="跳到商品列表",
    search_label="搜索商品",
    search_placeholder="想找点什么？",
    search_button="搜索",
    languages="语言",
    filters="筛选",
    close="关闭",
    show_results="查看商品",
    chosen_filters="已选条件",
    remove_filter="取消条件 {filter}",
    remove_all="全部取消",
    everything="全部商品",
    results_for="“{text}”",
    one_product="1 件商品",
    products="{count} 件商品",
    sort="排序",
    sorts={
        "relevance": "最相关",
        "popularity:desc": "最热门",
        "cheapest": "价格从低到高",
        "price:desc": "价格从高到低",
        "rating:desc": "评分最高",
        "newest": "最新上架",
    },
    pages="分页",
    page="第 {page} 页",
    previous="上一页",
    following="下一页",
    in_stock="有货",
    out_of_stock="缺货",
    rating="评分 {rating}",
    no_price="价格面议",
    found_by="命中方式",
    legs={
        "all_terms": "全部词语",
        "some_terms": "部分词语",
        "dense": "语义相近",
        "fusion": "词语与语义",
        "cross_encoder": "精读模型",
        "popularity": "热门程度",
        "available": "是否有货",
        "code": "商品编码",
    },
    boost="规则：{reason}",
    why="为什么排在这里？",
    finds={
        "all_terms": "包含您搜索的全部词语，在这类商品中排第 {rank}。",
        "some_terms": "包含您搜索的部分词语，按词语的数量和重要程度排第 {rank}。",
        "dense": "意思与您的搜索相近，按相近程度排第 {rank}。",
    },
    code_is_query="您输入的正是它的商品编码，所以排在最前。",
    follows_candidates="包含您搜索的全部词语，排在最佳候选商品之后。",
    ordered_by="当前按“{sort}”排列，与匹配程度无关。",
    read_together="模型把您的搜索和商品放在一起读过后调整了位置，之前排第 {rank}。",
    above_next="排在下一件商品之前，主要因为：{part}。",
    level_with_next="与下一件商品得分相同，按商品编号排列。",
    worth="各部分的贡献",
    worth_mixed="最终排序的依据",
    full_account="全部数值",
    nothing_found="没有找到与“{text}”有关的商品",
    nothing_tips=(
        "检查有没有错别字，或换一个说法。",
        "减少几个词，或描述商品的用途。",
        "取消一些筛选条件。",
    ),
    popular="大家都在看",
    did_you_mean="您要找的是不是",
    understood="我们这样理解您的搜索",
    as_typed="实际搜索的是“{text}”。",
    verbatim="只按我输入的文字搜索",
    understood_again="重新理解我的搜索",
    degraded="搜索功能暂时受限，部分商品可能缺失或顺序不准。",
    degraded_parts={
        "dense": "语义搜索暂停。",
        "all_terms": "全词搜索暂停。",
        "some_terms": "部分词搜索暂停。",
        "reranker": "最终排序暂停。",
        "counts": "部分筛选条件未能统计。",
    },
    facets={
        "brand": "品牌",
        "category": "分类",
        "product_type": "商品类型",
        "price": "价格",
        "currency": "货币",
        "available": "库存",
        "language": "语言",
        "rating": "评分",
        "popularity": "热门程度",
        "released": "上市时间",
        "variant_group": "款式",
        "codes": "商品编码",
        "id": "商品编号",
    },
    all_categories="全部分类",
    only_in_stock="仅看有货",
    yes="是",
    no="否",
    negated="不含 {value}",
    mentions="提到 {value}",
    more_values="还有 {count} 个",
    price_from="最低",
    price_to="最高",
    price_apply="确定",
    under="{high} 以下",
    over="{low} 以上",
    between="{low} 至 {high}",
    footer="列表中的每个位置都可以说明原因。",
    failures={
        400: ("无法识别这个地址", "请重新搜索。"),
        404: ("这里没有这个商店", "请检查地址，或重新开始。"),
        429: ("当前搜索的人较多", "请稍后再试。"),
        503: ("搜索暂时不可用", "请稍后再试。"),
        504: ("搜索超时", "请重试，或减少搜索词。"),
        0: ("出错了", "请稍后再试。"),
    },
    back="返回首页",
)

TEXTS = {each.language: each for each in (ENGLISH, CHINESE)}
"""By language; the first is spoken where a shopper reads none of them."""
