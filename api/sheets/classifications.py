"""Sheets of classifications: each row has a community's type, and perhaps subtype and features."""

from collections.abc import Iterable, Iterator
from datetime import date

from api.exports.columns import headings_of
from api.sheets import cells
from api.sheets.cells import Unfit
from api.sheets.columns import BASIS, COMMUNITY, basis_of, other_basis
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Draft, Row, SheetFormat
from domain.classification.classification import ClassifyCommunity, SetFeatures, SetSubtype
from domain.community.events import (
    ClassificationCorrected,
    CommunityClassified,
    CommunityReclassified,
)
from domain.community.state import Community
from domain.kernel.text import Bilingual
from projections.register import CommunityView
from record.store.entry import AnyEntry

TYPE = Bilingual(zh="社区类型", en="type of community")
SUBTYPE = Bilingual(zh="子类型", en="subtype of that type")
FEATURE = Bilingual(zh="次要特征", en="secondary feature")
TYPED = (CommunityClassified, ClassificationCorrected, CommunityReclassified)
EFFECTIVE_FROM = Column(
    name="effective_from",
    title=Bilingual(zh="生效日期", en="Effective from"),
    read=lambda cell, _: cells.day(cell),
    help=Bilingual(zh="自该日起为此类型。", en="The first day of the type."),
    example="2021-03-31",
    required=True,
    also=("生效日", "划分日期"),
)
REASON = Column(
    name="reason",
    title=Bilingual(zh="划分理由", en="Reason"),
    read=lambda cell, _: cells.passage(cell),
    help=Bilingual(zh="可不填。", en="Optional."),
    also=("理由",),
)


def columns(directory: Directory) -> tuple[Column, ...]:
    """The columns of a classification."""
    policy = directory.policy
    type = Column(
        name="type",
        title=Bilingual(zh="社区类型", en="Type"),
        read=lambda cell, directory: cells.term(cell, directory.policy.types, TYPE),
        help=Bilingual(
            zh="现行政策所列类型。已有其他类型的社区须另行提议重新划分。",
            en="A type of the policy. To change a type, propose a reclassification instead.",
        ),
        example=policy.types[0].title.zh,
        required=True,
        also=("类型", "划分类型"),
        allowed=tuple(each.title for each in policy.types),
    )
    subtype = Column(
        name="subtype",
        title=Bilingual(zh="子类型", en="Subtype"),
        read=lambda cell, _: cell,
        help=Bilingual(
            zh="可不填；须属于本行的类型。", en="Optional; a subtype of the row's type."
        ),
        allowed=tuple(each.title for type in policy.types for each in type.subtypes),
    )
    features = Column(
        name="features",
        title=Bilingual(zh="次要特征", en="Secondary features"),
        read=_features,
        help=Bilingual(zh="可不填；多项以顿号隔开。", en="Optional; separated by commas."),
        also=("feature", "特征"),
        allowed=tuple(each.title for each in policy.secondary),
    )
    return (*COMMUNITY, type, EFFECTIVE_FROM, REASON, subtype, features, *BASIS)


def stream(row: Row, _: Directory) -> str:
    """The community's."""
    return f"community:{row['community'].community}"


def plan(row: Row, community: Community, directory: Directory) -> Iterator[Draft | Unfit]:
    """Classify the community unless it is of that type; set subtype and features if they change."""
    day, type = row["effective_from"], row["type"]
    subtype = _subtype(row, directory)
    if isinstance(subtype, Unfit):
        yield subtype
    if type is None or day is None:
        return
    basis = basis_of(row)
    was = community.types.on(day)
    if early := _on_another_day(community, type, day):
        yield early
    elif was is None:
        yield Draft(ClassifyCommunity, row.stated("type", "effective_from", "reason"), basis)
    elif was != type:
        known = {each.code: each.title for each in directory.policy.types}
        title = known.get(was, Bilingual(zh=was, en=was))
        yield Unfit("classification-sheet.other-type", day=day, type=title, column="type")
    elif row["reason"] or basis:
        yield from _otherwise(row, directory.history(community.stream))
    if subtype and community.subtypes.on(day) != subtype:
        yield Draft(SetSubtype, {"subtype": subtype, "effective_from": day}, basis)
    if row["features"] and set(community.features.on(day) or ()) != set(row["features"]):
        yield Draft(SetFeatures, {"features": row["features"], "effective_from": day}, basis)


def _on_another_day(community: Community, type: str, day: date) -> Unfit | None:
    """Differences in the day: classified from a later day, or with the type from another day."""
    change = community.types.change_on(day)
    if change and change.value is not None:
        # A row of an export has the day of the community's last change.
        known = change if change.value == type and not _changed_on(community, day) else None
    else:
        known = community.typed_after(day)
    if known is None:
        return None
    return Unfit(
        "classification-sheet.other-day",
        day=known.effective_from,
        entry=known.version,
        column="effective_from",
    )


def _changed_on(community: Community, day: date) -> bool:
    timelines = (*community.identity(), *community.classification())
    return any(change.effective_from == day for each in timelines for change in each.stated())


def _otherwise(row: Row, history: Iterable[AnyEntry]) -> Iterator[Unfit]:
    """Differences in the reason or the document of the classification."""
    stated = [
        (entry.event.reason, entry.basis)
        for entry in history
        if isinstance(entry.event, TYPED) and entry.event.type == row["type"]
    ]
    reasons = [reason for reason, _ in stated]
    if row["reason"] not in (None, *reasons):
        known = next((each for each in reasons if each), None)
        yield Unfit(
            "classification-sheet.other-reason" if known else "classification-sheet.no-reason",
            known=known,
            column="reason",
        )
    yield from other_basis(row, [each for _, basis in stated for each in basis])


def _subtype(row: Row, directory: Directory) -> str | Unfit | None:
    type = next((each for each in directory.policy.types if each.code == row["type"]), None)
    if type is None or row["subtype"] is None:
        return None
    try:
        return cells.term(row["subtype"], type.subtypes, SUBTYPE)
    except Unfit as unfit:
        return unfit.at("subtype")


def _features(cell: str, directory: Directory) -> tuple[str, ...]:
    # As in an export: slugs separated by blanks; otherwise as people write lists.
    slugs = {each.code for each in directory.policy.secondary}
    named = cell.split() if slugs.issuperset(cell.split()) else cells.several(cell)
    return tuple(cells.term(each, directory.policy.secondary, FEATURE) for each in named)


CLASSIFICATIONS = SheetFormat(
    name="classifications",
    title=Bilingual(zh="社区分类", en="classifications"),
    help=Bilingual(
        zh="每行一个社区的首次划分；已有相同类型者略过。",
        en="Each row is the first classification of a community; its present type is skipped.",
    ),
    columns=columns,
    commands={
        ClassifyCommunity: Bilingual(zh="划分类型", en="communities classified"),
        SetSubtype: Bilingual(zh="记载子类型", en="subtypes set"),
        SetFeatures: Bilingual(zh="记载次要特征", en="features set"),
    },
    key=("community",),
    stream=stream,
    plan=plan,
    # Of `annals export register` and of the list, so that an export can be imported again.
    passed_over=(
        *headings_of(CommunityView),
        "subdistrict_code",
        "subdistrict_name",
        "district_code",
        "district_name",
        "status",
        "community_id",
    ),
)
