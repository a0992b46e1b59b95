//! `console policy`, `console role` and `console debug casbin`: who may do what over REST, and why.

use clap::Subcommand;
use domain::api::{AllowRule, PolicyDecision, SubjectKind};
use server::app::offer_routes;
use stacker::{
    config::Settings,
    local_operator::local_operator,
    services::{NewRule, Question, RuleError, Services},
};

use crate::with_database;

#[derive(Subcommand)]
pub enum PolicyCommand {
    /// List all rules
    List,
    /// Add a rule: console policy add group_user /project/:id GET
    Add { subject: String, path: String, method: String },
    /// Remove a rule
    Remove { subject: String, path: String, method: String },
}

#[derive(Subcommand)]
pub enum RoleCommand {
    /// List all memberships
    List,
    /// Add a membership: console role add 7 group_admin
    Add { member: String, group: String },
    /// Remove a membership
    Remove { member: String, group: String },
}

pub fn run(command: PolicyCommand) -> anyhow::Result<String> {
    let allow =
        |subject, pattern, method: String| NewRule::Allow { subject, pattern, method: method.to_uppercase() };
    with_database(async |_, services| match command {
        PolicyCommand::List => listed(services, "p").await,
        PolicyCommand::Add { subject, path, method } => added(services, allow(subject, path, method)).await,
        PolicyCommand::Remove { subject, path, method } => {
            removed(services, allow(subject, path, method)).await
        }
    })
}

pub fn run_role(command: RoleCommand) -> anyhow::Result<String> {
    with_database(async |_, services| match command {
        RoleCommand::List => listed(services, "g").await,
        RoleCommand::Add { member, group } => added(services, NewRule::Member { member, group }).await,
        RoleCommand::Remove { member, group } => removed(services, NewRule::Member { member, group }).await,
    })
}

/// Explains whether the rules in the database allow a subject to use a route.
pub fn explain(question: Question) -> anyhow::Result<String> {
    with_database(async |settings, services| decide(settings, services, question).await)
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

pub fn subject_kind(word: &str) -> Result<SubjectKind, String> {
    SubjectKind::named(word).ok_or_else(|| "one of role, user, client".to_owned())
}

async fn decide(settings: &Settings, services: &Services, mut question: Question) -> anyhow::Result<String> {
    offer_routes(settings, services);
    services.load_rest_rules().await?;
    let (rules, operator) = (services.rules(), local_operator());
    let decision = match rules.decide(&operator, &question).await {
        // The subject is not known here, so the rules are asked about it as a role.
        Err(RuleError::RoleUnknown(_)) if question.subject.kind.is_none() => {
            question.subject.kind = Some(SubjectKind::Role);
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
            (false, true) => "for another subject",
            (false, false) => "for another subject and method",
        };
        lines.push(format!("  near: {}, {misses}", line(&near.rule)));
    }
    lines.join("\n")
}

fn line(rule: &AllowRule) -> String {
    format!("{} {} {}", rule.subject, rule.object, rule.action)
}
