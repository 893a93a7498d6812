"""The search for the best setting, by Optuna: seeded, and resumed from a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import optuna
from optuna.storages import InMemoryStorage, JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from evaluation.tuning_space import Setting, Tunable
from search_core import TuningError

_RANDOM_TRIALS = 20
"""Trials before the sampler learns. They depend on the seed alone, so that all folds share them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BestSetting:
    """What a study found."""

    setting: Setting
    score: float
    resumed: int
    """Trials that were finished already when the study was opened."""


class Study:
    """Looks for the setting with the highest score."""

    def __init__(
        self, name: str, space: Sequence[Tunable], seed: int, storage: Path | None
    ) -> None:
        """Open a study, or go on with one.

        Args:
            name: studies of one storage are told apart by it.
            space: what may be moved.
            seed: equal seeds propose equal settings, whether or not the study was interrupted.
            storage: a file; `None` keeps the study in memory.

        Raises:
            TuningError: the file is not a study's.
        """
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._space = space
        self._seed = seed
        try:
            self._study = optuna.create_study(
                study_name=name,
                storage=JournalStorage(JournalFileBackend(str(storage)))
                if storage
                else InMemoryStorage(),
                direction="maximize",
                load_if_exists=True,
            )
        except (ValueError, KeyError, OSError) as error:
            raise TuningError(
                f"{storage} is not a file of studies: {error}",
                remedy="give --study another path, or delete the file",
            ) from error

    def search(
        self,
        present: Setting,
        score: Callable[[Setting], float],
        trials: int,
        advance: Callable[[int], None],
    ) -> BestSetting:
        """Try settings until so many were tried, the present one first.

        Args:
            present: the value of everything in the space.
            score: what is to be as high as possible.
            trials: how many in all, those of earlier runs included.
            advance: told of each trial done; at first of those resumed.

        Returns:
            The best; of equally good ones the first tried, and so the present one if it is among
            them.
        """
        resumed = min(trials, len(self._finished()))
        advance(resumed)
        self._study.enqueue_trial(self._places(present), skip_if_exists=True)
        for number in range(resumed, trials):
            # Seeded anew each time: a resumed study goes on exactly as it would have.
            self._study.sampler = optuna.samplers.TPESampler(
                seed=self._seed + number, n_startup_trials=_RANDOM_TRIALS
            )
            trial = self._study.ask()
            self._study.tell(trial, score(self._suggested(trial)))
            advance(1)
        best = max(self._finished()[:trials], key=lambda each: (each.value, -each.number))
        return BestSetting(
            setting=self._setting(best), score=float(best.value or 0.0), resumed=resumed
        )

    def _finished(self) -> list[FrozenTrial]:
        return self._study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))

    def _suggested(self, trial: optuna.Trial) -> Setting:
        return {
            each.name: each.values[trial.suggest_int(each.name, 0, len(each.values) - 1)]
            if each.ordered
            else each.values[trial.suggest_categorical(each.name, tuple(range(len(each.values))))]
            for each in self._space
        }

    def _setting(self, trial: FrozenTrial) -> Setting:
        return {each.name: each.values[trial.params[each.name]] for each in self._space}

    def _places(self, setting: Setting) -> dict[str, int]:
        return {each.name: each.values.index(setting[each.name]) for each in self._space}
