"""Rounds of grading over HTTP: planned, opened, graded all at once, published, closed, annulled.

What is read of them is in api/http/review_board.py.
"""

from api.http.kernel.command_routes import CommandRoute, command_router
from domain.round.annulment import AnnulRound
from domain.round.entering import AdmitCommunities, OpenRound
from domain.round.grading import GradeCity, RegradeCity
from domain.round.planning import CloseStage, OpenStage, PlanRound
from domain.round.publication import CloseRound, PublishResults

COMMANDS = (
    CommandRoute("", "rounds.plan", PlanRound, "安排一轮评定 · Plan a round"),
    CommandRoute("/{round}/openings", "rounds.open", OpenRound, "启动评定 · Open a round"),
    CommandRoute(
        "/{round}/admissions", "rounds.admit", AdmitCommunities, "补列社区 · Admit more communities"
    ),
    CommandRoute("/{round}/windows", "rounds.open-stage", OpenStage, "启动环节 · Open a stage"),
    CommandRoute(
        "/{round}/window-closings", "rounds.close-stage", CloseStage, "结束环节 · Close a stage"
    ),
    CommandRoute("/{round}/gradings", "rounds.grade", GradeCity, "市级评定 · Grade the city"),
    CommandRoute(
        "/{round}/regradings", "rounds.regrade", RegradeCity, "重新排名 · Grade the city anew"
    ),
    CommandRoute(
        "/{round}/publications", "rounds.publish", PublishResults, "公布结果 · Publish the results"
    ),
    CommandRoute("/{round}/closings", "rounds.close", CloseRound, "结束评定 · Close a round"),
    CommandRoute("/{round}/annulments", "rounds.annul", AnnulRound, "撤销评定 · Annul a round"),
)
router = command_router("/api/v1/rounds", "评定 Rounds", COMMANDS)
