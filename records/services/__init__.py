from records.services.recording import record

__all__ = ["record"]
