import sys
from pathlib import Path

# The shop of these tests is a module beside them; test folders are no packages.
sys.path.insert(0, str(Path(__file__).parent))
