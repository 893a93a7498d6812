"""What the workbench says of its own, beside the texts of the search page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbenchTexts:
    """The texts of one language. Braces stand for what is filled in."""

    title: str
    lead: str
    query: str
    index: str
    filters: str
    filters_hint: str
    change: str
    change_hint: str
    settings: str
    settings_hint: str
    rules: str
    rules_hint: str
    try_it: str
    nothing_asked: str
    now: str
    changed: str
    found: str
    """`{count}`."""
    moved: str
    """`{count}`."""
    nothing_moved: str
    stays: str
    climbed: str
    """`{by}`, `{rank}` is where it stood."""
    fell: str
    """`{by}`, `{rank}`."""
    new: str
    """`{depth}`."""
    goes_to: str
    """`{rank}`."""
    leaves: str
    """`{depth}`."""
    understood: str
    as_typed: str
    searched: str
    """`{text}`."""
    decorations: str
    degraded: str
    failure: str
    why: str
    grade: str
    """`{title}`."""
    grades: tuple[str, str, str, str]
    """By grade."""
    rate: str
    rated: str
    """`{count}`."""
    no_file: str
    no_hits: str
    to_shop: str


WORKBENCH_ENGLISH = WorkbenchTexts(
    title="Workbench",
    lead="See why each product stands where it does, try a change beside it, and rate results.",
    query="Search",
    index="Index",
    filters="Filters",
    filters_hint="One a line: brand=Aria, price<50",
    change="Try a change",
    change_hint="It touches nothing but the right-hand list. Leave both empty to compare nothing.",
    settings="Settings",
    settings_hint="One a line: retrieval.fusion.dense_weight=2",
    rules="Rules",
    rules_hint="In Querqy's syntax, instead of the rules in force.",
    try_it="Show",
    nothing_asked="Type a search to begin.",
    now="As it is",
    changed="With the change",
    found="{count} found",
    moved="{count} products stand elsewhere.",
    nothing_moved="No product moves.",
    stays="stays",
    climbed="up {by}, was number {rank}",
    fell="down {by}, was number {rank}",
    new="new, was not among the first {depth}",
    goes_to="number {rank} with the change",
    leaves="not among the first {depth} with the change",
    understood="How the words were understood",
    as_typed="They are taken as they are typed.",
    searched="Searched for “{text}”.",
    decorations="Told to the shop's page",
    degraded="Done without",
    failure="The change cannot be tried",
    why="Why is this here?",
    grade="How good is “{title}” for this search?",
    grades=("Wrong", "Fair", "Good", "Exact"),
    rate="Rate",
    rated="{count} of these are rated.",
    no_file="Ratings need a file: query_proxy.workbench_judgments names it.",
    no_hits="Nothing was found.",
    to_shop="To the search page",
)

WORKBENCH_CHINESE = WorkbenchTexts(
    title="工作台",
    lead="查看每件商品为什么排在这里，在旁边试一试改动，并为结果打分。",
    query="搜索",
    index="索引",
    filters="筛选条件",
    filters_hint="每行一个：brand=Aria、price<50",
    change="试一试改动",
    change_hint="只影响右边的列表。两项都留空则不作比较。",
    settings="设置",
    settings_hint="每行一个：retrieval.fusion.dense_weight=2",
    rules="规则",
    rules_hint="使用 Querqy 语法，代替当前生效的规则。",
    try_it="查看",
    nothing_asked="输入要搜索的内容。",
    now="当前",
    changed="改动后",
    found="找到 {count} 件",
    moved="{count} 件商品的位置有变化。",
    nothing_moved="没有商品移动。",
    stays="位置不变",
    climbed="上升 {by} 位，之前第 {rank}",
    fell="下降 {by} 位，之前第 {rank}",
    new="新出现，之前不在前 {depth} 名",
    goes_to="改动后第 {rank}",
    leaves="改动后不在前 {depth} 名",
    understood="搜索词的理解",
    as_typed="按输入的文字搜索。",
    searched="实际搜索的是“{text}”。",
    decorations="告诉店铺页面的内容",
    degraded="未能使用",
    failure="无法试用这个改动",
    why="为什么排在这里？",
    grade="“{title}”与这次搜索有多相符？",
    grades=("不相关", "一般", "不错", "正是"),
    rate="打分",
    rated="其中 {count} 件已打分。",
    no_file="打分需要一个文件：由 query_proxy.workbench_judgments 指定。",
    no_hits="没有找到商品。",
    to_shop="到搜索页面",
)

WORKBENCH_TEXTS = {"en": WORKBENCH_ENGLISH, "zh": WORKBENCH_CHINESE}
"""By language; the search page speaks the same ones."""
