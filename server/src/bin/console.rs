//! Operator commands over the same settings, database and use cases as the server, which may be running or not.
//!
//! A new command: a variant with its help, a function. What a command is asked for goes to stdout, everything else to stderr.

#[path = "console/backup.rs"]
mod backup;
#[path = "console/keys.rs"]
mod keys;

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use domain::{
    access::{Caller, Role, Scope},
    api::{AllowRule, CreateAccessToken, CreateApiClient, PolicyDecision, SubjectKind},
    audit::{AuditLine, AuditQuery},
};
use keys::KeysCommand;
use server::{app::offer_routes, origin::Origin};
use stacker::{
    config::{Settings, Sources},
    connectors::vault::vault_store,
    database::Database,
    db::PendingMigrations,
    services::{
        AuditError, AuditPart, Context, KeyRingSource, NewRule, Question, RuleError, Services, Whom,
        local_operator, open_key_ring,
    },
};

/// Commands for those who run the server.
#[derive(Parser)]
#[command(version)]
enum Command {
    /// Print a link that signs the local operator in: works once, for 15 minutes
    LoginLink,
    /// Bearers for API clients
    #[command(subcommand)]
    Token(TokenCommand),
    /// Programs that sign their requests
    #[command(subcommand)]
    AppClient(AppClientCommand),
    /// Agents, which wait for commands on hosts
    #[command(subcommand, alias = "Agent")]
    Agent(AgentCommand),
    /// Who did what
    #[command(subcommand)]
    Audit(AuditCommand),
    /// What secrets in the database are sealed with
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Put database and key ring into one file, while the server runs or not. It is secret
    Backup {
        /// One that is not there yet, or a folder
        target: PathBuf,
    },
    /// Bring a backup back into an empty database
    Restore {
        archive: PathBuf,
        /// Only find out whether it can be: in a scratch cluster, of which nothing stays
        #[arg(long)]
        check: bool,
    },
    /// Rules of who may do what over REST: subject, path, method
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Who may what others may: member, group
    #[command(subcommand)]
    Role(RoleCommand),
    /// Look closer
    #[command(subcommand)]
    Debug(DebugCommand),
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Print a new bearer of the local operator; it is shown once and kept as a hash
    New {
        /// What it is for
        #[arg(long, default_value = "console")]
        name: String,
    },
}

#[derive(Subcommand)]
enum AppClientCommand {
    /// Make an API client, and print its id and its secret, which is shown once
    New {
        /// Whose it is, and as whom it acts
        #[arg(long)]
        user_id: String,
        /// What it is for
        #[arg(long)]
        name: Option<String>,
        /// `read`, `deploy` or `admin`
        #[arg(long, default_value = "deploy", value_parser = scope)]
        scope: Scope,
    },
}

#[derive(Subcommand)]
enum AgentCommand {
    /// Give the agent of a deployment a new token, and copy it to Vault when it is an agent of others
    RotateToken {
        #[arg(long)]
        deployment_hash: String,
        #[arg(long)]
        new_token: String,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Print lines of the audit log, newest first: number, time, outcome, action, who, from where, details
    List {
        /// Done by this user
        #[arg(long, default_value = "")]
        user: String,
        /// An action, client.deleted, or an area, client
        #[arg(long, default_value = "")]
        action: String,
        /// success, failed or refused
        #[arg(long, default_value = "")]
        outcome: String,
        /// From this time on, 2026-11-28T12:00:00Z, or this day in UTC, 2026-11-28
        #[arg(long, default_value = "")]
        from: String,
        /// Before this time, or to the end of this day
        #[arg(long, default_value = "")]
        to: String,
        /// Somewhere in the line
        #[arg(long, default_value = "")]
        text: String,
        /// 1000 at most
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// Older than the line of this number
        #[arg(long)]
        after: Option<i64>,
    },
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Print all rules, a line each
    List,
    /// Allow a subject what a path pattern takes: console policy add group_user /project/:id GET
    Add { subject: String, path: String, method: String },
    /// Take a rule away
    Remove { subject: String, path: String, method: String },
}

#[derive(Subcommand)]
enum RoleCommand {
    /// Print all memberships, a line each
    List,
    /// Let a member do what a group may: console role add 7 group_admin
    Add { member: String, group: String },
    /// Take a membership away
    Remove { member: String, group: String },
}

#[derive(Subcommand)]
enum DebugCommand {
    /// Print whether a subject may, and the rule that says so
    Casbin {
        #[arg(long)]
        path: String,
        #[arg(long)]
        action: String,
        /// A role, the id of an API client, or a user
        #[arg(long)]
        subject: String,
        /// What the subject is, where several fit: `role`, `user` or `client`
        #[arg(long = "as", value_parser = subject_kind)]
        kind: Option<SubjectKind>,
    },
    /// Print a JSON file up to the place an error named
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
            let whom = Whom { id: subject, kind, role: None };
            let question = Question { whom, method: action, path };
            with_database(async |settings, services| debug_casbin(settings, services, question).await)
        }
        Command::Policy(command) => {
            with_database(async |_, services| policy_command(services, command).await)
        }
        Command::Role(command) => with_database(async |_, services| role_command(services, command).await),
        Command::LoginLink => with_database(async |settings, services| login_link(settings, services).await),
        Command::AppClient(AppClientCommand::New { user_id, name, scope }) => {
            with_database(async |_, services| app_client_new(services, user_id, name, scope).await)
        }
        Command::Agent(AgentCommand::RotateToken { deployment_hash, new_token }) => {
            with_database(async |_, services| rotate_token(services, &deployment_hash, &new_token).await)
        }
        Command::Audit(AuditCommand::List { user, action, outcome, from, to, text, limit, after }) => {
            let query = AuditQuery { user, action, outcome, from, to, text };
            let part = AuditPart { limit: Some(limit), after };
            with_database(async |_, services| audit_list(services, &query, part).await)
        }
        Command::Keys(command) => keys::run(command),
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

/// Runs a command with the use cases of the server, and leaves the database as it was found: running or not.
fn with_database(
    command: impl AsyncFnOnce(&Settings, &Services) -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    beside_the_server(PendingMigrations::Apply, async |settings, database| {
        let context = Context::of_the_machine();
        let source = KeyRingSource::of(settings)?;
        let keyring = open_key_ring(&database.pool, &source, &context, None).await?;
        let mut services = Services::new(database.pool.clone(), settings, keyring, context);
        if let Some(vault) = vault_store(settings)? {
            services = services.with_vault(vault);
        }
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

/// What happens meanwhile.
fn say(what: &str) {
    // Nobody is left to be told when stderr is closed.
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
    if user_id.is_empty() || user_id.chars().count() > 50 || user_id.contains('\0') {
        bail!("a user id has 1 to 50 characters");
    }
    // The operator may, whoever it is for.
    let owner = Caller::new(user_id.clone(), Role::GroupUser, user_id, None);
    let new = CreateApiClient { name, scope: Some(scope), ..CreateApiClient::default() };
    let client = services.clients().create(&owner, new).await?;
    let secret = client.secret.context("the client was made without a secret")?;
    Ok(format!("stacker-id: {}\nsecret: {secret}", client.id))
}

/// The copy for Vault is tried at once; when it cannot be brought there, the server goes on trying.
async fn rotate_token(services: &Services, deployment_hash: &str, new_token: &str) -> anyhow::Result<String> {
    services.rotate_agent_token(deployment_hash, new_token).await?;
    Ok(format!("Agent token of {deployment_hash} rotated"))
}

async fn audit_list(services: &Services, query: &AuditQuery, part: AuditPart) -> anyhow::Result<String> {
    let read = services.audit().list_all(query, part).await.map_err(|error| match error {
        AuditError::Invalid { errors } => {
            let wrong = errors.into_iter().map(|wrong| format!("--{} {}", wrong.field, wrong.message));
            anyhow::Error::msg(wrong.collect::<Vec<_>>().join("; "))
        }
        error => error.into(),
    })?;
    let line = |line: AuditLine| {
        let who = line.user_id.or_else(|| line.agent_id.map(|id| format!("agent {id}")));
        let address = line.address.unwrap_or_else(|| "-".to_owned());
        let time = line.at.format("%Y-%m-%dT%H:%M:%SZ");
        // Terminals obey what is in a text: nothing of it is printed raw.
        let who = who.as_deref().unwrap_or("-").escape_debug();
        format!(
            "{}\t{time}\t{}\t{}\t{who}\t{address}\t{}",
            line.id,
            line.outcome.as_str(),
            line.action,
            line.details
        )
    };
    Ok(read.lines.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}

async fn policy_command(services: &Services, command: PolicyCommand) -> anyhow::Result<String> {
    let allow =
        |subject, pattern, method: String| NewRule::Allow { subject, pattern, method: method.to_uppercase() };
    match command {
        PolicyCommand::List => listed(services, "p").await,
        PolicyCommand::Add { subject, path, method } => added(services, allow(subject, path, method)).await,
        PolicyCommand::Remove { subject, path, method } => {
            removed(services, allow(subject, path, method)).await
        }
    }
}

async fn role_command(services: &Services, command: RoleCommand) -> anyhow::Result<String> {
    match command {
        RoleCommand::List => listed(services, "g").await,
        RoleCommand::Add { member, group } => added(services, NewRule::Member { member, group }).await,
        RoleCommand::Remove { member, group } => removed(services, NewRule::Member { member, group }).await,
    }
}

async fn listed(services: &Services, ptype: &str) -> anyhow::Result<String> {
    let rules = services.rules().list().await?;
    let lines = rules.into_iter().filter(|rule| rule.ptype == ptype).map(|rule| rule.values.join(" "));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

async fn added(services: &Services, rule: NewRule) -> anyhow::Result<String> {
    services.rules().add(&rule).await?;
    Ok("added; in force on every server now".to_owned())
}

async fn removed(services: &Services, rule: NewRule) -> anyhow::Result<String> {
    services.rules().remove(&rule).await?;
    Ok("removed; in force on every server now".to_owned())
}

fn subject_kind(word: &str) -> Result<SubjectKind, String> {
    SubjectKind::named(word).ok_or_else(|| "one of role, user, client".to_owned())
}

/// By the rules that are in the database now.
async fn debug_casbin(
    settings: &Settings,
    services: &Services,
    mut question: Question,
) -> anyhow::Result<String> {
    offer_routes(settings, services);
    services.load_policy().await?;
    let (rules, operator) = (services.rules(), local_operator());
    let decision = match rules.decide(&operator, &question).await {
        // Nobody is known by it: then it is what rules may name yet.
        Err(RuleError::RoleUnknown(_)) if question.whom.kind.is_none() => {
            question.whom.kind = Some(SubjectKind::Role);
            rules.decide(&operator, &question).await?
        }
        decided => decided?,
    };
    Ok(explained(&decision))
}

fn explained(decision: &PolicyDecision) -> String {
    let PolicyDecision { allowed, subject, method, path, rule, .. } = decision;
    let by = rule.as_ref().map(|rule| format!(", by the rule {}", line(rule))).unwrap_or_default();
    let word = if *allowed { "allowed" } else { "refused" };
    let mut lines = vec![format!("{word}: {} {method} {path}{by}", subject.id)];
    lines.push(format!("  asked as: {} ({})", subject.names.join(", "), subject.kind.as_str()));
    if decision.chain.len() > 1 {
        lines.push(format!("  by way of: {}", decision.chain.join(" -> ")));
    }
    lines.push(match &decision.route {
        Some(route) => format!("  route: {route} ({})", decision.methods.join(", ")),
        None => "  route: none of this API takes this path".to_owned(),
    });
    for near in &decision.nearest {
        let misses = match (near.is_for_subject, near.is_for_method) {
            (true, _) => "for another method",
            (false, true) => "for somebody else",
            (false, false) => "for somebody else, and another method",
        };
        lines.push(format!("  near: {}, {misses}", line(&near.rule)));
    }
    lines.join("\n")
}

fn line(rule: &AllowRule) -> String {
    format!("{} {} {}", rule.subject, rule.object, rule.action)
}

fn debug_json(line: usize, column: usize, payload: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(payload).with_context(|| format!("reading {}", payload.display()))?;
    if line == 0 || column == 0 {
        bail!("lines and columns count from 1");
    }
    let lines: Vec<&str> = text.lines().collect();
    let Some(last) = lines.get(line - 1) else {
        bail!("{} has {} lines, there is no line {line}", payload.display(), lines.len())
    };
    let before = lines[..line - 1].iter().map(|line| format!("{line}\n")).collect::<String>();
    // Columns of JSON errors count bytes; cut where a character begins.
    let end =
        (column.min(last.len())..=last.len()).find(|end| last.is_char_boundary(*end)).unwrap_or(last.len());
    Ok(before + &last[..end])
}
