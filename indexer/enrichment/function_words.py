"""Words that hold sentences together and name nothing."""

_ENGLISH = """
a about above after again all also am an and another any are as at back be because been before
being below best better between both but by can come could did do does done down each easily
easy even ever every few first for from full further get gets give go good great had has have he
her here high his how i if ideal in into is it its itself just keep keeps kind last least less
let like little long lot made make makes many may me means more most much must my near need
needed needs never new next no nor not nothing now of off often on once one only onto or other
others our out over own part per perfect place put quick rather really right same second see
self set she should so some soon still such suit suitable take takes than that the their them
themselves then there these they thing things this those three through time to together too two
type under until up use used useful uses using various very via was way we well were what when
where which while who whole whom whose why will with within without would yet you your yours
"""

FUNCTION_WORDS = frozenset(_ENGLISH.split())
"""Folded. Chinese ones are single characters, which no rule takes for a word."""
