"""The home folder: where the warehouse of one user or one team lies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOME = ".fundperf"
RELEASE_FILE = "fundperf.duckdb"
MANIFEST_FILE = "manifest.json"
COMPILED_FILE = "compiled.json"
SEMANTICS_FILE = "semantic_manifest.json"
DIFF_FILE = "diff.json"


@dataclass(frozen=True, slots=True)
class Home:
    """The places below one home folder. Nothing is created until a writer asks for it with `prepare`.

    `owner` is the root of the home folder that this one is a part of: what people keep there and its logs are used here
    too.
    """

    root: Path
    owner: Path | None = None

    @property
    def build_file(self) -> Path:
        """The database that belongs to the pipeline."""
        return self.root / "warehouse" / "build.duckdb"

    @property
    def build_note(self) -> Path:
        """What the last complete build was made of; missing while the build is not complete."""
        return self.root / "warehouse" / "build.json"

    @property
    def compiled(self) -> Path:
        """The compiled queries of the last complete build."""
        return self.root / "warehouse" / COMPILED_FILE

    @property
    def semantics(self) -> Path:
        """The metrics of the last complete build, as dbt describes them."""
        return self.root / "warehouse" / SEMANTICS_FILE

    @property
    def releases(self) -> Path:
        """One folder per release."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """A text file with the id of the release that readers get."""
        return self.releases / "current"

    @property
    def current_files(self) -> Path:
        """The database files of the current release under names that stay, for programs with a fixed setting."""
        return self.root / "current"

    @property
    def data_docs(self) -> Path:
        """Pages about the checks of each load."""
        return self.root / "data_docs"

    @property
    def dbt_target(self) -> Path:
        """What dbt compiles and reports."""
        return self.root / "dbt" / "target"

    @property
    def logs(self) -> Path:
        """Logs of dbt, of runs and of unexpected failures."""
        return self._of_people / "logs"

    @property
    def run_logs(self) -> Path:
        """One file per run, for programs."""
        return self.logs / "runs"

    @property
    def run_history(self) -> Path:
        """How every run began and ended."""
        return self.root / "runs.jsonl"

    @property
    def settings(self) -> Path:
        """What people set for this home folder."""
        return self._of_people / "settings.toml"

    @property
    def lexicon(self) -> Path:
        """The user's own lines of the lexicon, which win over the packaged ones."""
        return self._of_people / "lexicon"

    @property
    def corrections(self) -> Path:
        """What people corrected; theirs, and never derived from anything else."""
        return self._of_people / "corrections.csv"

    @property
    def signoffs(self) -> Path:
        """What people looked at and let pass although a release lost or moved something; theirs."""
        return self.root / "signoffs.csv"

    @property
    def release_waiting(self) -> Path:
        """Why the last build is not published yet; missing while nothing waits."""
        return self.root / "release_waiting.json"

    @property
    def reference(self) -> Path:
        """The user's own lines of the reference tables, which win over the packaged ones."""
        return self._of_people / "reference"

    @property
    def as_of(self) -> Path:
        """What was known on a day: one folder per question that somebody asked."""
        return self.root / "as_of"

    @property
    def _of_people(self) -> Path:
        return self.owner or self.root

    @property
    def lock(self) -> Path:
        """The file that one writer holds."""
        return self.root / "lock"

    @property
    def last_run(self) -> Path:
        """What the last load left behind, for `status`, which must not touch the build file."""
        return self.root / "last_run.json"

    def release_folder(self, release_id: str) -> Path:
        """The folder of one release."""
        return self.releases / release_id

    def prepare(self) -> None:
        """Create the folders that a writer needs."""
        for folder in (self.build_file.parent, self.releases, self.data_docs, self.dbt_target, self.logs):
            folder.mkdir(parents=True, exist_ok=True)


def find_home(path: str | Path | None = None) -> Home:
    """The home folder asked for, else `FUNDPERF_HOME`, else `./.fundperf`."""
    chosen = path or os.environ.get("FUNDPERF_HOME") or DEFAULT_HOME
    return Home(Path(chosen).expanduser().absolute())


def current_id(home: Home) -> str | None:
    """The id of the release that readers get; None before the first one."""
    try:
        return home.current.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def replace_text(path: Path, text: str) -> None:
    """Give a file a new content in one step: a reader sees the old text or the new one, never a part."""
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    write_durably(staged, text)
    staged.replace(path)


def write_durably(path: Path, text: str) -> None:
    """Write a text file and wait until the disk has it."""
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
