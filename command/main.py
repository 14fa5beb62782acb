"""The entry point `dataelec`: every command in its section, errors explained, no traceback for what people can mend."""

import errno
import tempfile

import click
import duckdb

from command import build, history, lake, project, warehouse
from dataelec.errors import DataElecError, first_line, is_disk_full
from dataelec.settings import found_home

SECTIONS = {
    "Lake": (lake.sample, lake.load_, lake.import_, lake.sources, lake.status, lake.verify_),
    "What the lake held before": (
        history.vintages,
        history.diff,
        history.restore,
        history.prune,
        history.copy,
    ),
    "Warehouse": (
        build.build,
        warehouse.summary,
        warehouse.page,
        warehouse.pictures,
        warehouse.shell,
        warehouse.publish,
    ),
    "Project, for those who change it": (
        project.docs,
        project.catalog,
        project.columns,
        project.calendars,
        project.freeze,
    ),
}


class _Explaining(click.Group):
    """A group in sections whose commands explain their errors without a traceback and exit with 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command asked for."""
        try:
            return super().invoke(ctx)
        except DataElecError as problem:
            click.echo(f"Error: {problem}", err=True)
        except OSError as problem:
            if problem.errno == errno.EPIPE:
                raise
            click.echo(_no_room(problem) if is_disk_full(problem) else _refused_by_the_system(problem), err=True)
        except duckdb.Error as problem:
            click.echo(_no_room(problem) if is_disk_full(problem) else _given_up_by_duckdb(problem), err=True)
        ctx.exit(1)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in the order in which people meet them."""
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(command.name or "", command.get_short_help_str(85)) for command in commands])


def _no_room(problem: OSError | duckdb.Error) -> str:
    where = f" ({problem.filename})" if isinstance(problem, OSError) and problem.filename else ""
    return (
        f"Error: no space left on the disk{where}: what was there before is untouched.\nMake room there and where"
        f" temporary files go ({tempfile.gettempdir()}, or name another folder by TMPDIR), then run the command again."
    )


def _refused_by_the_system(problem: OSError) -> str:
    return f"Error: {problem}\nCheck the path and its permissions."


def _given_up_by_duckdb(problem: duckdb.Error) -> str:
    return (
        f"Error: {first_line(problem)}\nNothing was landed. Check the memory and the space left where temporary files"
        " go (TMPDIR)."
    )


@click.group(
    cls=_Explaining,
    epilog="""\b
Settings (environment)
  DATAELEC_HOME          the project, where relative settings start (default: here or above)
  DATAELEC_LAKE          the lake, a folder or gs://bucket/prefix
  DATAELEC_AS_OF         dbt build: read what was known on that day, such as 2026-01-31
  DATAELEC_DATABASE      the warehouse, a .duckdb file
  DATAELEC_PUBLISH       where files are published, a folder or gs://bucket/prefix
  DATAELEC_REPOSITORY    the http(s) address of the code, which the page links to
  DATAELEC_<PORTAL>_URL  another address of a portal, such as DATAELEC_ODRE_URL

\b
Exit codes
  0  done      1  an error, explained      2  wrong usage      3  status, load: a dataset, or the lake, is empty
""",
)
@click.version_option(package_name="dataelec")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Get published French electricity data into a lake, and show what dbt makes of it.

    A lake is a folder (or bucket) with Parquet files per dataset and year (or month, or département) and a manifest
    that says where each came from. It holds either real rows or simulated ones. dbt builds the warehouse from it.
    """
    ctx.with_resource(found_home())


for _command in (command for commands in SECTIONS.values() for command in commands):
    main.add_command(_command)
