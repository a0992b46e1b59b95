//! Operator commands, with the same settings, database and use cases as the server. They work whether or not the server runs.
//!
//! To add a command, add a variant with its help text and a function; several commands of one area get their own file. Results
//! go to stdout, everything else to stderr.

mod audit;
mod backup;
mod dockerhub;
mod keys;
mod mq;
mod policy;

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use domain::{
    access::{Caller, Role, Scope},
    api::{CreateAccessToken, CreateApiClient, SubjectKind},
};
use server::http::Origin;
use stacker::{
    config::{Settings, Sources},
    connectors::{
        callback::CallbackClient, cloud_api::CloudApiClient, docker_hub::docker_hub,
        marketplace_webhook::marketplace_webhook, registry::registry, user_service::user_service,
        vault::vault_store,
    },
    context::Context,
    database::Database,
    db::PendingMigrations,
    local_operator::local_operator,
    services::{KeyRingSource, Question, ServiceParts, Services, SubjectQuery, open_key_ring},
};

/// Commands for operators of the server.
#[derive(Parser)]
#[command(version)]
enum Command {
    /// Print a link that signs in the local operator; it works once within 15 minutes
    LoginLink,
    /// Bearer tokens for scripts
    #[command(subcommand)]
    Token(TokenCommand),
    /// Programs that sign their requests
    #[command(subcommand)]
    AppClient(AppClientCommand),
    /// Agents on hosts
    #[command(subcommand, alias = "Agent")]
    Agent(AgentCommand),
    /// Read the audit log
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Manage the keys that seal secrets in the database
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// The message broker, where the install service reports
    #[command(subcommand)]
    Mq(mq::MqCommand),
    /// Write database and key ring into one file, whether the server runs or not. Keep the file secret
    Backup {
        /// A new file, or a folder
        target: PathBuf,
    },
    /// Restore a backup into an empty database
    Restore {
        archive: PathBuf,
        /// Only check the backup, in a temporary database cluster
        #[arg(long)]
        check: bool,
    },
    /// Manage the rules for REST: subject, path, method
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Manage memberships: a member may do what its group may
    #[command(subcommand)]
    Role(policy::RoleCommand),
    /// Tools for troubleshooting
    #[command(subcommand)]
    Debug(DebugCommand),
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Print a new bearer token for the local operator; only its hash is stored
    New {
        /// Purpose
        #[arg(long, default_value = "console")]
        name: String,
    },
}

#[derive(Subcommand)]
enum AppClientCommand {
    /// Create an API client; prints its id and its secret, which is shown only once
    New {
        /// The user who owns it and on whose behalf it acts
        #[arg(long)]
        user_id: String,
        /// Purpose
        #[arg(long)]
        name: Option<String>,
        /// Scope: `read`, `deploy` or `admin`
        #[arg(long, default_value = "deploy", value_parser = scope)]
        scope: Scope,
    },
}

#[derive(Subcommand)]
enum AgentCommand {
    /// Rotate the token of the agent of a deployment; for a third-party agent, also copy it to Vault
    RotateToken {
        #[arg(long)]
        deployment_hash: String,
        #[arg(long)]
        new_token: String,
    },
}

#[derive(Subcommand)]
enum DebugCommand {
    /// Print whether a subject is allowed, and by which rule
    Casbin {
        #[arg(long)]
        path: String,
        #[arg(long)]
        action: String,
        /// A role, the id of an API client, or a user
        #[arg(long)]
        subject: String,
        /// Kind of subject, if ambiguous: `role`, `user` or `client`
        #[arg(long = "as", value_parser = policy::subject_kind)]
        kind: Option<SubjectKind>,
    },
    /// Print whether an image exists, as its registry says
    Dockerhub {
        /// An app of the project form: {"dockerhub_user": "acme", "dockerhub_name": "shop:1.4"}
        #[arg(long)]
        json: String,
    },
    /// Print a JSON file up to the place of an error
    Json {
        /// From 1, as in the error
        #[arg(long)]
        line: usize,
        /// From 1, as in the error
        #[arg(long)]
        column: usize,
        #[arg(long)]
        payload: PathBuf,
    },
}

fn main() -> ExitCode {
    let command = Command::parse();
    let done = match command {
        Command::Debug(DebugCommand::Json { line, column, payload }) => debug_json(line, column, &payload),
        Command::Debug(DebugCommand::Casbin { path, action, subject, kind }) => {
            let subject = SubjectQuery { id: subject, kind, role: None };
            policy::explain(Question { subject, method: action, path })
        }
        Command::Debug(DebugCommand::Dockerhub { json }) => {
            with_settings(async |settings| dockerhub::is_active(settings, &json).await)
        }
        Command::Policy(command) => policy::run(command),
        Command::Role(command) => policy::run_role(command),
        Command::LoginLink => with_database(async |settings, services| login_link(settings, services).await),
        Command::AppClient(AppClientCommand::New { user_id, name, scope }) => {
            with_database(async |_, services| app_client_new(services, user_id, name, scope).await)
        }
        Command::Agent(AgentCommand::RotateToken { deployment_hash, new_token }) => {
            with_database(async |_, services| rotate_token(services, &deployment_hash, &new_token).await)
        }
        Command::Audit(command) => audit::run(command),
        Command::Keys(command) => keys::run(command),
        Command::Mq(command) => mq::run(command),
        Command::Backup { target } => backup::backup(&target),
        Command::Restore { archive, check } => backup::restore_or_check(&archive, check),
        Command::Token(TokenCommand::New { name }) => {
            with_database(async |_, services| token_new(services, &name).await)
        }
    };
    match done.and_then(|output| Ok(writeln!(io::stdout().lock(), "{output}")?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs a command with the use cases of the server. A database that was not running is stopped again afterwards.
fn with_database(
    command: impl AsyncFnOnce(&Settings, &Services) -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    beside_the_server(PendingMigrations::Apply, async |settings, database| {
        let context = Context::of_the_machine();
        let source = KeyRingSource::of(settings)?;
        let keyring = open_key_ring(&database.pool, &source, &context, None).await?;
        let services = Services::new(ServiceParts {
            pool: database.pool.clone(),
            settings,
            keyring,
            context,
            vault: vault_store(settings)?,
            // Deployments are published by the server.
            broker: None,
            consumer: None,
            cloud_api: Arc::new(CloudApiClient::new(settings.connectors.cloud_api.clone())?),
            registry: registry(settings)?,
            docker_hub: docker_hub(settings)?,
            callback_sender: Arc::new(CallbackClient::of(&settings.callbacks)?),
            user_service: user_service(settings)?,
            marketplace_webhook: marketplace_webhook(settings)?,
            provider: None,
            key_refresh: None,
        });
        command(settings, &services).await
    })
}

fn beside_the_server(
    migrations: PendingMigrations,
    command: impl AsyncFnOnce(&Settings, &Database) -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    with_settings(async |settings| {
        let database = Database::open_beside(settings, migrations).await?;
        let done = command(settings, &database).await;
        database.close(Duration::from_secs(1)).await;
        done
    })
}

fn with_settings(command: impl AsyncFnOnce(&Settings) -> anyhow::Result<String>) -> anyhow::Result<String> {
    let settings = Settings::load(&Sources::ambient(Path::new("."))?)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("starting the runtime")?;
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        bail!("a TLS provider was installed already");
    }
    runtime.block_on(command(&settings))
}

/// Reports progress and errors on stderr, because stdout is for results.
fn say(what: &str) {
    // If stderr is closed, there is no place left to report to.
    drop(writeln!(io::stderr().lock(), "{what}"));
}

async fn login_link(settings: &Settings, services: &Services) -> anyhow::Result<String> {
    if settings.has_provider() {
        bail!(
            "`auth_url` or `oauth` is set, so people sign in there; one-time links are for machines without a provider"
        );
    }
    let origin = match &settings.server.public_url {
        Some(url) => url.as_str().to_owned(),
        None => format!("http://{}:{}", settings.server.host, settings.server.port),
    };
    let origin = Origin::parse(&origin)
        .context("the address of the server cannot be written as a URL: check app_host")?;
    let code = services.sign_in().create_link_code().await?;
    Ok(origin.sign_in_link(&code))
}

async fn token_new(services: &Services, name: &str) -> anyhow::Result<String> {
    let token = services.tokens().create(&local_operator(), CreateAccessToken::named(name)).await?;
    token.token.context("the token was made without a bearer")
}

fn scope(word: &str) -> Result<Scope, String> {
    Scope::named(word).ok_or_else(|| "one of read, deploy, admin".to_owned())
}

async fn app_client_new(
    services: &Services,
    user_id: String,
    name: Option<String>,
    scope: Scope,
) -> anyhow::Result<String> {
    if user_id.is_empty() || user_id.chars().count() > 50 {
        bail!("a user id has 1 to 50 characters");
    }
    // The operator is allowed to create clients for any user.
    let owner = Caller::new(user_id.clone(), Role::GroupUser, user_id, None);
    let new = CreateApiClient { name, scope: Some(scope), ..CreateApiClient::default() };
    let client = services.clients().create(&owner, new).await?;
    let secret = client.secret.context("the client was made without a secret")?;
    Ok(format!("stacker-id: {}\nsecret: {secret}", client.id))
}

/// Tries to copy the token to Vault at once; if that fails, the server keeps trying.
async fn rotate_token(services: &Services, deployment_hash: &str, new_token: &str) -> anyhow::Result<String> {
    services.rotate_agent_token(deployment_hash, new_token).await?;
    Ok(format!("Agent token of {deployment_hash} rotated"))
}

fn debug_json(line: usize, column: usize, payload: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(payload).with_context(|| format!("reading {}", payload.display()))?;
    if line == 0 || column == 0 {
        bail!("lines and columns count from 1");
    }
    let lines: Vec<&str> = text.lines().collect();
    let Some(last) = lines.get(line - 1) else {
        bail!("{} has {} lines, so line {line} does not exist", payload.display(), lines.len())
    };
    let before = lines[..line - 1].iter().map(|line| format!("{line}\n")).collect::<String>();
    // Columns of JSON errors count bytes, so the cut is moved to where a character begins.
    let end =
        (column.min(last.len())..=last.len()).find(|end| last.is_char_boundary(*end)).unwrap_or(last.len());
    Ok(before + &last[..end])
}
