"""The pages: server-rendered, Chinese first, without JavaScript. They hold no rule and no SQL."""

from api.pages.routes import router

__all__ = ["router"]
