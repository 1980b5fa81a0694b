"""Classes that code derives from, of every package with a table."""

from __future__ import annotations

import textwrap

import pytest
from mmscaffold.check import Settings, all_rules, check_paths
from mmscaffold.check.code.known_bases import KnownBases
from mmscaffold.facts.base_classes import BASE_LOOP, EPOCH_LOOP, HOOK, VAL_LOOP
from mmscaffold.facts.classes.tables import TABLED, table_of
from mmscaffold.facts.packages import LENT_MODULES, UNIMPORTED_MODULES

RULES = tuple(rule for rule in all_rules() if rule.kind == "code")

FAULTS = {
    "an epoch loop of mmaction2 that forgets its counter": (
        """
        from mmaction.engine.runner import MultiLoaderEpochBasedTrainLoop
        from mmaction.registry import LOOPS


        @LOOPS.register_module()
        class OwnLoop(MultiLoaderEpochBasedTrainLoop):
            def run_epoch(self):
                self.runner.call_hook('before_train_epoch')
                self.runner.model.train()
                for idx, batch in enumerate(self.dataloader):
                    self.run_iter(idx, batch)
                self.runner.call_hook('after_train_epoch')
        """,
        ["MMS204"],
    ),
    "an iteration loop of xtuner, its module named": (
        """
        from xtuner.engine.runner.loops import TrainLoop


        class OwnLoop(TrainLoop):
            def run_iter(self, data_batch):
                self.runner.call_hook('before_train_iter', batch_idx=self._iter)
                outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
                self.runner.call_hook('after_train_iter', batch_idx=self._iter, outputs=outputs)
        """,
        ["MMS204"],
    ),
    "a hook of mmsegmentation with the signature of 1.x": (
        """
        from mmseg.engine.hooks import SegVisualizationHook
        from mmseg.registry import HOOKS


        @HOOKS.register_module()
        class OwnHook(SegVisualizationHook):
            def after_train_iter(self, runner):
                pass
        """,
        ["MMS238"],
    ),
    "a model of mmpose with the signature of 1.x": (
        """
        from mmpose.models.pose_estimators import TopdownPoseEstimator
        from mmpose.registry import MODELS


        @MODELS.register_module()
        class OwnEstimator(TopdownPoseEstimator):
            def train_step(self, data, optimizer):
                return super().train_step(data, optimizer)
        """,
        ["MMS250"],
    ),
}

SOUND = {
    "the same method over a loop that has a run of its own": """
        from mmrazor.engine.runner.darts_loop import DartsIterBasedTrainLoop


        class OwnLoop(DartsIterBasedTrainLoop):
            def run_iter(self, data_batch):
                self.runner.call_hook('before_train_iter', batch_idx=self._iter)
                outputs = self.runner.model.train_step(data_batch, self.runner.optim_wrapper)
                self.runner.call_hook('after_train_iter', batch_idx=self._iter, outputs=outputs)
        """,
    "a loop whose base runs otherwise than mmengine's": """
        from mmrazor.engine.runner import QATEpochBasedLoop


        class OwnLoop(QATEpochBasedLoop):
            def run_iter(self, idx, data_batch):
                super().run_iter(idx, data_batch)
        """,
    "a loop whose base counts epochs in a method that was not read": """
        from mmaction.engine.runner import MultiLoaderEpochBasedTrainLoop


        class OwnLoop(MultiLoaderEpochBasedTrainLoop):
            def run(self):
                self.runner.call_hook('before_train')
                while self._epoch < self._max_epochs and not self.stop_training:
                    self.run_epoch()
                    self._decide_current_val_interval()
                    if (
                        self.runner.val_loop is not None
                        and self._epoch >= self.val_begin
                        and self._epoch % self.val_interval == 0
                    ):
                        self.runner.val_loop.run()
                self.runner.call_hook('after_train')
                return self.runner.model
        """,
    "a search loop of mmrazor that is one in its own way": """
        from mmrazor.engine.runner import EvolutionSearchLoop


        class OwnSearch(EvolutionSearchLoop):
            def gen_mutation_candidates(self):
                return super().gen_mutation_candidates()[:10]
        """,
    "a validation loop of mmpretrain": """
        from mmpretrain.engine.runners import RetrievalValLoop


        class OwnLoop(RetrievalValLoop):
            def run(self):
                return super().run()
        """,
    "a loop of xtuner with arguments of its own": """
        from xtuner.engine.runner import TrainLoop


        class OwnLoop(TrainLoop):
            def __init__(self, runner, dataloader, max_iters=None, max_epochs=None, **kwargs):
                super().__init__(runner, dataloader, max_iters, max_epochs, **kwargs)
        """,
    "a model of mmagic, whose training steps are its own": """
        from mmagic.models import DCGAN
        from mmagic.registry import MODELS


        @MODELS.register_module()
        class OwnGAN(DCGAN):
            def train_step(self, data, optim_wrapper):
                return super().train_step(data, optim_wrapper)
        """,
}


def found(folder, text: str) -> list[str]:
    """The rules that find something in a file."""
    file = folder / "own.py"
    file.write_text(textwrap.dedent(text).lstrip())
    return sorted({one.rule.id for one in check_paths([file], Settings(RULES)).findings})


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_class_of_another_package_inherits_is_known(tmp_path, name):
    text, wanted = FAULTS[name]
    assert found(tmp_path, text) == wanted


@pytest.mark.parametrize("name", SOUND)
def test_what_the_base_does_in_its_own_way_is_not_judged(tmp_path, name):
    assert found(tmp_path, SOUND[name]) == []


@pytest.mark.parametrize(
    ("exported", "defined", "inherited"),
    [
        ("mmaction.engine.runner.MultiLoaderEpochBasedTrainLoop",
         "mmaction.engine.runner.multi_loop.MultiLoaderEpochBasedTrainLoop", EPOCH_LOOP),
        ("mmpretrain.engine.runners.RetrievalValLoop",
         "mmpretrain.engine.runners.retrieval_loop.RetrievalValLoop", VAL_LOOP),
        ("mmagic.engine.runner.MultiValLoop", "mmagic.engine.runner.multi_loops.MultiValLoop",
         BASE_LOOP),
        # Modules that only import them.
        ("mmengine.runner.loops.BaseLoop", BASE_LOOP, BASE_LOOP),
        ("mmpretrain.engine.runners.retrieval_loop.RetrievalValLoop",
         "mmpretrain.engine.runners.retrieval_loop.RetrievalValLoop", VAL_LOOP),
        ("mmseg.engine.SegVisualizationHook",
         "mmseg.engine.hooks.visualization_hook.SegVisualizationHook", HOOK),
    ],
)  # fmt: skip
def test_a_class_is_found_under_the_name_by_which_it_is_imported(exported, defined, inherited):
    known = KnownBases()
    assert known.canonical(exported) == defined
    assert inherited in list(known.lineage(defined))


def test_every_package_with_a_table_is_asked():
    known = KnownBases()
    for row in TABLED:
        table = row.file.read_text(encoding="utf-8").splitlines()
        dotted = next(line.partition("\t")[0] for line in table[1:] if line.count(".") > 1)
        if row.package not in ("mmengine", "mmdet"):
            assert known.knows(dotted), dotted


def test_what_is_nowhere_is_not_known():
    known = KnownBases()
    for dotted in (
        "mmaction.engine.runner.NoSuchLoop",
        "mmaction",
        "mmaction.x",
        "torch.nn.Module",
    ):
        assert not known.knows(dotted)
        assert list(known.lineage(dotted)) == [dotted]


@pytest.mark.parametrize(
    ("registry", "name", "there"),
    [
        ("MODELS", "RetinaNet", True),
        ("TRANSFORMS", "Resize", True),
        ("DATASETS", "CocoDataset", True),
        ("METRICS", "CocoMetric", True),
        ("TASK_UTILS", "MaxIoUAssigner", True),
        ("TRANSFORMS", "OwnResize", False),
        # Registered with mmengine's registry.
        ("MODELS", "DetTTAModel", False),
    ],
)
def test_a_name_of_mmdet_is_taken_in_each_of_its_registries(tmp_path, registry, name, there):
    text = f"""
        from mmdet.registry import {registry}


        @{registry}.register_module()
        class {name}:
            pass
        """
    assert found(tmp_path, text) == (["MMS240"] if there else [])


@pytest.mark.mmdet
def test_what_the_tables_say_of_mmdet_is_what_its_registries_refuse():
    import mmdet.registry
    from mmdet.utils import register_all_modules

    register_all_modules()
    known = KnownBases()
    [table] = [table_of(row) for row in TABLED if row.distribution == "mmdet"]
    names = [(kind, name) for kind, held in table.registered.items() for name in held]
    assert len(names) > 450
    for kind, name in names:
        dotted = known.registered("mmdet", kind, name)
        if dotted is not None and not dotted.startswith((*UNIMPORTED_MODULES, *LENT_MODULES)):
            assert name in getattr(mmdet.registry, kind)._module_dict, (kind, dotted)
