from tests.memotrainer.scene import clock

__all__ = ["clock"]
