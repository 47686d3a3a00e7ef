"""The gallery: every component of the pages on one page, with data as in the demo."""

from datetime import date

from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.adopted import policy_on
from api.http.kernel.founded import founded
from api.http.kernel.problems import ApiProblem
from api.http.kernel.rendering import page_language, render
from api.pages.forms.fields import CellShown, FieldShown
from api.pages.forms.problems import Problems
from api.pages.forms.shapes import shapes_of
from api.pages.forms.words import field_words
from api.pages.page import page_router
from api.pages.recorded import CorrectionShown, LineShown, by_year
from api.pages.samples import samples
from api.pages.titles import Titles
from domain.community.identity import RenameCommunity
from domain.kernel.context import Document
from record.store.record import Record

router = page_router()

DOCUMENT = Document(
    issuer="安澜市民政局", title="公布2025年评定结果", number="安澜民政发〔2025〕19号"
)
SAMPLES = (
    LineShown(
        effective_on=date(2025, 12, 16),
        sentence="2025年评定公布：先进，单位集中型第 4 名，共 24 个，90.69 分。",
        person="肖松涛",
        unit="市民政局",
        basis=(),
        late=0,
        void=False,
        broken=(),
        despite="",
        dot="decisive",
        corrections=(),
        position=34_744,
    ),
    LineShown(
        effective_on=date(2025, 9, 4),
        sentence="在黑榜公示（2栋1单元703）：临街商户占道经营；截止 2025-09-14。",
        person="周玉兰",
        unit="桂溪街道",
        basis=(),
        late=30,
        void=True,
        broken=(),
        despite="",
        dot="corrected",
        corrections=(
            CorrectionShown(
                how="corrects",
                recorded_on=date(2025, 9, 6),
                person="周玉兰",
                sentence="公示截止日期由2025-09-14改为2025-09-24（公示期应为二十日）。",
                position=25_327,
            ),
        ),
        position=25_268,
    ),
    LineShown(
        effective_on=date(2025, 9, 1),
        sentence="适用一票否决（评定材料弄虚作假）：会议记录系事后补造。",
        person="张晓红",
        unit="区民政局",
        basis=(),
        late=0,
        void=False,
        broken=(),
        despite="",
        dot="veto",
        corrections=(),
        position=4_381,
    ),
    LineShown(
        effective_on=date(2025, 8, 27),
        sentence="召开2025年第三季度联席会议。",
        person="陈蓉",
        unit="金街路口社区",
        basis=(),
        late=0,
        void=False,
        dot="",
        corrections=(),
        position=4_298,
        broken=("会议应提前 3 日通知，实际提前 1 日",),
        despite="汛情紧急，当日通知次日召开。",
    ),
)


@router.get("/gallery")
def gallery(request: Request) -> HTMLResponse:
    """Every component, for those who maintain the pages; only over a simulated city."""
    record: Record = request.app.state.record
    if not founded(request).simulation:
        raise ApiProblem("no-such-page", "request.no-such-address")
    policy = policy_on(record, record.today())
    words = field_words("RenameCommunity", "effective_from", page_language(request))
    shape = shapes_of(RenameCommunity)[1]
    name = shapes_of(RenameCommunity)[0]
    bad = CellShown(
        "effective_from", shape, words, "2025-10-01", (), "不能早于所依据的调查日 2025-11-11。"
    )
    plain = CellShown(
        "name", name, field_words("RenameCommunity", "name", "zh"), "钟楼社区", (), None
    )
    return render(
        request,
        "gallery.html",
        titles=Titles(policy, page_language(request)),
        fields=[FieldShown(plain, False, (), ()), FieldShown(bad, False, (), ())],
        problems=Problems({"effective_from": bad.problem or ""}, ()),
        years=by_year(SAMPLES),
        document=DOCUMENT,
        day_shown=date(2025, 12, 31),
        **samples(
            page_language(request), [each.code for each in policy.grades] if policy else [""]
        ),
    )
