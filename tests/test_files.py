"""Folders to files: order, links, what is missing."""

from __future__ import annotations

from pathlib import Path

from kg.files import discover


def test_names_are_below_the_folder_and_in_order(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "a.txt", ".hidden/x.txt", "b/.y"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    assert [found.file for found in discover([tmp_path])] == ["a.txt", "b/10.txt", "b/2.txt"]
    assert [found.file for found in discover([tmp_path / "b" / "2.txt"])] == ["2.txt"]


def test_loops_end_and_a_file_comes_once(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file.txt").write_text("x")
    (tmp_path / "folder" / "up").symlink_to(tmp_path)
    (tmp_path / "again.txt").symlink_to(tmp_path / "folder" / "file.txt")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    found = list(discover([tmp_path, tmp_path / "folder"]))
    assert [item.file for item in found if item.problem is None] == ["again.txt"]
    assert [item.file for item in found if item.problem] == ["self"]


def test_missing_path_comes_with_its_problem(tmp_path: Path) -> None:
    (found,) = discover([tmp_path / "none"])
    assert "does not exist" in str(found.problem)
