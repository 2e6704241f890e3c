"""The page's picture: requests per second and CPU per request of every contestant, by question, as one SVG."""

from pathlib import Path

from benchmarks.measures import summarise
from benchmarks.results import Results
from benchmarks.verdicts import questions_of

_COLOURS = {
    "floor": "#8c8c8c",
    "mercurius": "#4c78a8",
    "postgraphile": "#72b7b2",
    "naive": "#eeca3b",
    "naive_cached": "#f2a93b",
    "hutong": "#c0392b",
    "hutong_scoped": "#e78f87",
}


def draw(results: Results, file: Path) -> None:
    """Write the picture. The same results give the same file."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "hutong"
    matplotlib.rcParams["svg.fonttype"] = "none"
    from matplotlib import pyplot

    names = [name for name in _COLOURS if name in results.contestants]
    questions = questions_of(results, names)
    figure, (rates, costs) = pyplot.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
    width = 0.8 / max(1, len(names))
    for place, name in enumerate(names):
        summaries = {
            at: summarise(windows)
            for at, question in enumerate(questions)
            if (windows := results.windows(name, question))
        }
        at = [position + (place - (len(names) - 1) / 2) * width for position in summaries]
        rate = [found.rate.median for found in summaries.values()]
        reach = [
            [found.rate.median - found.rate.least for found in summaries.values()],
            [found.rate.greatest - found.rate.median for found in summaries.values()],
        ]
        style = {"width": width, "color": _COLOURS[name], "label": name}
        rates.bar(at, rate, yerr=reach, error_kw={"elinewidth": 0.7}, **style)
        costs.bar(at, [found.server_cpu.median for found in summaries.values()], **style)
    for axes, title in (
        (rates, "requests per second (more is better)"),
        (costs, "server CPU ms per request (less is better)"),
    ):
        axes.set_yscale("log")
        axes.set_title(title, fontsize=10)
        axes.set_xticks(range(len(questions)), questions)
        axes.grid(axis="y", linewidth=0.4, alpha=0.5)
        axes.set_axisbelow(True)
    rates.legend(fontsize=8, ncols=2)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, format="svg", metadata={"Date": None})
    pyplot.close(figure)
