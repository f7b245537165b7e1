"""All settings in one typed class: `CHAPIAO_*` environment variables, then `chapiao.toml`, then the defaults.

Each field's description is the documentation; docs/settings.md is checked against it by a test.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

MIB = 1024 * 1024


class Settings(BaseSettings):
    """Settings of one installation."""

    model_config = SettingsConfigDict(env_prefix="CHAPIAO_", toml_file="chapiao.toml", extra="forbid")

    data: Path = Field(Path("./data"), description="Folder of originals, database and derived files.")
    database_url: str | None = Field(None, description="SQLAlchemy address; default: SQLite in the data folder.")
    language: Literal["zh", "en"] = Field("zh", description="Language of messages and reports on the command line.")

    ocr_engine: Literal["auto", "onnxruntime", "openvino", "paddle"] = Field(
        "auto", description="Recognition runtime. auto: OpenVINO where it works, else ONNX Runtime."
    )
    ocr_threads: int = Field(2, ge=1, description="Threads of one recognition process.")
    ocr_detection_model_dir: Path | None = Field(None, description="Folder of your own detection model.")
    ocr_recognition_model_dir: Path | None = Field(None, description="Folder of your own recognition model.")

    max_file_bytes: int = Field(50 * MIB, ge=1, description="Largest file taken in, bytes.")
    max_pages: int = Field(100, ge=1, description="Most pages of one document.")
    max_pixels: int = Field(100_000_000, ge=1, description="Most pixels of one picture.")
    max_unpacked_bytes: int = Field(300 * MIB, ge=1, description="Most bytes an archive or OFD may unpack to.")
    max_members: int = Field(1000, ge=1, description="Most files in one archive.")

    cleanup_orientation: bool = Field(True, description="Turn pictures upright.")
    cleanup_page: bool = Field(True, description="Find the page in a photo and straighten its perspective.")
    cleanup_deskew: bool = Field(
        True, description="Level scans and photos: small rotations, and any angle where the sheet was not found."
    )
    cleanup_light: bool = Field(True, description="Even out shade before reading.")
    cleanup_seal: bool = Field(True, description="Suppress red seal ink before reading (colours are kept for display).")
    cleanup_noise: bool = Field(True, description="Remove speckle before reading.")

    workers: int = Field(1, ge=1, description="Reading processes of one worker.")
    reading_timeout_seconds: int = Field(120, ge=5, description="Longest time for one document.")
    reading_tasks_per_process: int = Field(50, ge=1, description="Documents before a reading process is replaced.")
    reading_memory_mib: int = Field(4096, ge=1024, description="Most memory of one reading process, MiB.")
    accept_threshold: float = Field(0.98, ge=0.5, le=1, description="Least confidence of a field accepted unseen.")

    host: str = Field("127.0.0.1", description="Address the web service listens on.")
    port: int = Field(8600, ge=1, le=65535, description="Port the web service listens on.")
    session_hours: int = Field(12, ge=1, description="Length of a login.")
    watch_folder: Path | None = Field(None, description="Folder watched by `serve` as well.")
    watch_settle_seconds: float = Field(5.0, ge=0, description="A file is ready when still for this long.")
    watch_rescan_seconds: float = Field(300.0, ge=1, description="Time between full rescans of the watched folder.")
    watch_remove_source: bool = Field(
        False, description="Remove the source after intake instead of moving it to done/."
    )
    supplement_due_days: int = Field(
        1,
        ge=0,
        le=366,
        description="Working days (Monday to Friday) within which a supplement draft is to be finished.",
    )
    supplement_attachments: int = Field(20, ge=0, description="Most attachments of one supplement draft.")
    sync_delay_days: int = Field(2, ge=0, le=366, description="Days a new invoice may take to reach the records.")

    @cached_property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{(self.data / 'chapiao.sqlite').absolute()}"

    @property
    def originals(self) -> Path:
        """Content-addressed store of originals."""
        return self.data / "originals"

    @property
    def model_cache(self) -> Path:
        """Where model folders are built from the installed weight packages."""
        return self.data / "models"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
