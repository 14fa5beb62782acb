"""A new user's first hour, as research/first_hour.py walks it."""

from pathlib import Path

import pytest

from research.first_hour import QUESTIONS, walk


@pytest.mark.slow
def test_a_clean_clone_answers_ten_questions_and_says_what_is_not_there(tmp_path: Path) -> None:
    steps = {step.what: step for step in walk(tmp_path)}
    assert [step.what for step in steps.values() if "Traceback" in step.output] == []
    assert steps["make run"].code == 0, steps["make run"].output[-3000:]
    unchanged = steps["make run, nothing changed"]
    assert "Nothing changed" in unchanged.output
    assert unchanged.seconds < 60  # 15 on a quiet machine
    assert len(QUESTIONS) == 10
    for question in QUESTIONS:
        answered = steps[question]
        assert answered.code == 0, answered.output
        assert len(answered.lines) > 4, question
        assert answered.seconds < 60, question
    for what, step in steps.items():
        if "from another folder" in what:
            # Some dataset of the simulated lake may be empty.
            assert step.code in ((0, 3) if "status" in what else (0,)), step.output
            assert "15" in step.output if "shell" in what else "lake/sample" in step.output or "Bretagne" in step.output
    assert list((tmp_path / "elsewhere").iterdir()) == []
    offline = steps["make run DATA=live, no portal reachable"]
    assert offline.code != 0
    assert offline.output.count("no portal can be reached") == 1
    assert offline.seconds < 60
