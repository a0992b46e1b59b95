//! `stacker agent leave`: undoes `join` and `install`. The server is told first: if it refuses, nothing has changed here.

use std::fs;

use anyhow::{Context, bail};
use domain::api::LeaveHost;
use reqwest::StatusCode;

use super::{
    api::{Api, ApiError},
    credentials::Credentials,
    folder::Folder,
    install::Unit,
    stacks::folder as stack_folders,
};

/// Leaves the server and returns the text to print.
pub async fn run(force: bool, folder: &Folder) -> anyhow::Result<String> {
    let url = Credentials::load(folder)?.url;
    let api = Api::new(folder.clone())?;
    let mut said = vec![match api.leave(LeaveHost { force }).await {
        Ok(()) => format!("This host no longer belongs to {url}."),
        Err(ApiError::Unauthorised(_)) => {
            format!("{url} did not let this host in any more: nothing had to be told.")
        }
        Err(error) if force => format!("{url} was not told ({error}): revoke the host on its page Hosts."),
        Err(ApiError::Rejected { status: StatusCode::CONFLICT, message }) => bail!(
            "{message}. Nothing was changed; `--force` leaves all the same, and what runs goes on running"
        ),
        Err(error) => bail!("cannot tell {url}: {error}. Nothing was changed; `--force` leaves all the same"),
    }];
    for unit in Unit::of_folder(folder) {
        said.push(unit.remove().await);
    }
    if folder.is_running()? {
        said.push(format!("An agent still runs in {}: stop it.", folder.root().display()));
    }
    let stacks: Vec<String> =
        stack_folders::all(folder).iter().map(|record| record.stack.to_string()).collect();
    let credentials = folder.credentials();
    fs::remove_file(&credentials).with_context(|| format!("cannot remove {}", credentials.display()))?;
    said.push(format!("Removed {}.", credentials.display()));
    if stacks.is_empty() {
        // Nothing that the agent itself wrote is of use any more. Whatever else is in the folder stays, and the folder with it.
        let _ = fs::remove_dir_all(folder.journal());
        let _ = fs::remove_file(folder.root().join("lock"));
        let _ = fs::remove_dir(folder.stacks());
        if fs::remove_dir(folder.root()).is_ok() {
            said.push(format!("Removed {}.", folder.root().display()));
        }
    } else {
        said.push(format!(
            "The stacks {} and their files in {} stay as they are.",
            stacks.join(", "),
            folder.stacks().display()
        ));
    }
    Ok(said.join("\n"))
}
