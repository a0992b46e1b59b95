//! Logs are set up once per process, so this test has its own process.

use stacker::{
    config::{LogFile, LogFormat, LogRotation, LogSettings},
    telemetry::{self, TelemetryError},
};

#[test]
fn the_log_file_gets_one_json_object_a_line_and_the_filter_holds() {
    let folder = tempfile::tempdir().unwrap();
    let file =
        LogFile { path: folder.path().join("stacker.log"), rotation: LogRotation::Daily, keep_files: 2 };
    let settings = LogSettings { format: LogFormat::Json, level: "info".to_owned(), file: Some(file) };

    let guard = telemetry::init(&settings).unwrap();
    tracing::info!(duration_ms = 3, "one request");
    tracing::debug!("not asked for");
    assert!(matches!(telemetry::init(&settings), Err(TelemetryError::Twice)));
    drop(guard);

    let files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [file] = files.as_slice() else { panic!("expected one file: {files:?}") };
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("stacker.") && name.ends_with(".log"), "{name}");
    let text = std::fs::read_to_string(file).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert_eq!((&lines[0]["message"], &lines[0]["duration_ms"]), (&"one request".into(), &3.into()));
}
