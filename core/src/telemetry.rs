//! The logs: readable text or JSON on stderr, and JSON lines in a rotating file if one is configured.
//!
//! They go to stderr because stdout is for the output of the program: the banner, a one-time link, a token.

use std::{io, io::IsTerminal, path::Path};

use tracing_appender::{
    non_blocking::WorkerGuard,
    rolling::{InitError, RollingFileAppender, Rotation},
};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::config::{LogFile, LogFormat, LogRotation, LogSettings};

/// Must live until the program ends: dropping it writes the remaining lines to the file.
#[must_use = "the log file is complete only when this is dropped last"]
#[derive(Debug, Default)]
pub struct TelemetryGuard {
    _file: Option<WorkerGuard>,
}

#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("the log filter `{0}` cannot be understood")]
    Filter(String),
    #[error("the log file {path} cannot be written: {source}")]
    File { path: String, source: InitError },
    #[error("logs were set up already")]
    Twice,
}

/// At each start PostgreSQL reports that a table already exists. The log level setting can still enable these notices.
const QUIET: &str = "sqlx::postgres::notice=warn";

/// Sets up the logs. Works only once per process.
pub fn init(settings: &LogSettings) -> Result<TelemetryGuard, TelemetryError> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", settings.level))
        .map_err(|_| TelemetryError::Filter(settings.level.clone()))?;
    let (file, guard) = match &settings.file {
        Some(file) => {
            let (layer, guard) = file_layer(file)?;
            (Some(layer), Some(guard))
        }
        None => (None, None),
    };
    tracing_subscriber::registry()
        .with(vec![stderr_layer(settings.format)].into_iter().chain(file).collect::<Vec<_>>())
        .with(filter)
        .with(filter_fn(|metadata| !shows_messages(metadata.target())))
        .try_init()
        .map_err(|_| TelemetryError::Twice)?;
    Ok(TelemetryGuard { _file: guard })
}

/// The broker's library logs whole messages, which hold credentials. What matters is logged by our connector. No log level enables it.
fn shows_messages(target: &str) -> bool {
    target == "lapin" || target.starts_with("lapin::")
}

type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

fn stderr_layer(format: LogFormat) -> BoxedLayer {
    let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    match format {
        LogFormat::Pretty => layer.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    }
}

fn file_layer(file: &LogFile) -> Result<(BoxedLayer, WorkerGuard), TelemetryError> {
    let named = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let rotation = match file.rotation {
        LogRotation::Daily => Rotation::DAILY,
        LogRotation::Hourly => Rotation::HOURLY,
        LogRotation::Never => Rotation::NEVER,
    };
    let appender = RollingFileAppender::builder()
        .rotation(rotation)
        .filename_prefix(named(file.path.file_stem()))
        .filename_suffix(named(file.path.extension()))
        .max_log_files(file.keep_files)
        .build(file.path.parent().unwrap_or(Path::new(".")))
        .map_err(|source| TelemetryError::File { path: file.path.display().to_string(), source })?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    let layer =
        tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false).json().flatten_event(true);
    Ok((layer.boxed(), guard))
}
