//! `exec`: runs a command in a container, if the policy of the host allows it.

use std::time::Duration;

use bollard::{
    container::LogOutput,
    exec::{StartExecOptions, StartExecResults},
    models::ExecConfig,
};
use futures::StreamExt;
use serde_json::{Value, json};

use super::{health::head, parameters, target::Target};
use crate::agent::{ambient, failure::Failure, policy_file, redact::redact, work::Work};

const MOST_BYTES: usize = 256 * 1024;

pub async fn run(work: &Work) -> Result<Value, Failure> {
    if !policy_file::read(&work.agent.policy)?.allow_exec {
        return Err(Failure::new(
            "policy",
            "the policy of this host forbids `exec`; `allow_exec: true` would allow it",
        ));
    }
    let command = command(work)?;
    let target = Target::find(work).await?;
    let container =
        target.containers.first().ok_or_else(|| Failure::new("not-found", "no container found"))?;
    let seconds = u64::try_from(parameters::number(work, "timeout", 30, 1, 120)).unwrap_or(30);
    let config = ExecConfig {
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        cmd: Some(command),
        ..ExecConfig::default()
    };
    let exec = target.engine.docker.create_exec(&container.id, config).await?.id;
    let ended = tokio::select! {
        () = work.cancel.cancelled() => return Err(Failure::cancelled()),
        ended = tokio::time::timeout(Duration::from_secs(seconds), output(&target, &exec)) => ended,
    };
    let (out, err) = ended.map_err(|_| {
        Failure::new("timeout", format!("it was still running after {seconds} s and keeps running"))
    })??;
    let exit_code = target.engine.docker.inspect_exec(&exec).await?.exit_code;
    let hides = parameters::flag(work, "redact_output", true);
    let said = |bytes: Vec<u8>| {
        let text = String::from_utf8_lossy(&bytes).replace('\0', "");
        if hides { redact(&text).0 } else { text }
    };
    let mut result = head(work, "exec", &target.app_code);
    result["exit_code"] = json!(exit_code);
    result["stdout"] = said(out).into();
    result["stderr"] = said(err).into();
    result["executed_at"] = json!(ambient::now());
    Ok(result)
}

/// The command: a line for a shell, or a list of arguments.
fn command(work: &Work) -> Result<Vec<String>, Failure> {
    match work.command.parameters.get("command") {
        Some(Value::String(line)) if !line.trim().is_empty() => {
            Ok(vec!["sh".to_owned(), "-c".to_owned(), line.clone()])
        }
        Some(Value::Array(words)) if !words.is_empty() => {
            Ok(words.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        }
        _ => Err(Failure::new("invalid-parameters", "exec.command is required")),
    }
}

async fn output(target: &Target, exec: &str) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let started = target.engine.docker.start_exec(exec, None::<StartExecOptions>).await?;
    if let StartExecResults::Attached { mut output, .. } = started {
        while let Some(piece) = output.next().await {
            let (kept, bytes) = match piece? {
                LogOutput::StdErr { message } => (&mut err, message),
                LogOutput::StdOut { message } | LogOutput::Console { message } => (&mut out, message),
                LogOutput::StdIn { .. } => continue,
            };
            let room = MOST_BYTES.saturating_sub(kept.len());
            kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }
    Ok((out, err))
}
