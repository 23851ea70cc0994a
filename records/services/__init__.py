from records.services.recording import record, record_many

__all__ = ["record", "record_many"]
