//! What the rules decide about one subject, method and path, why, and what would change it.

use domain::api::{
    KnownApiClient, KnownRole, NearestRule, PolicyDecision, PolicySubject, RoleSource, SubjectKind,
};
use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    address::{href, question},
    words::{allows, membership, pattern_of},
};
use crate::{
    components::{Callout, CopyLine, MarkedText, Moment, Tone},
    rpc::rules::{RulesQuery, Unanswered},
};

#[component]
pub(super) fn Answer(
    decision: Option<PolicyDecision>,
    unanswered: Option<Unanswered>,
    query: RulesQuery,
) -> impl IntoView {
    let problem = unanswered.map(|why| match why {
        Unanswered::RoleUnknown => view! {
            <Callout tone=Tone::Warn title=format!("The role of “{}” is unknown", query.subject)>
                "This server knows the role of a user only after the first sign-in. Choose the role under “More options”, then check again."
            </Callout>
        }
        .into_any(),
        Unanswered::Invalid(message) => {
            view! { <Callout tone=Tone::Error title="Couldn't check this request"><MarkedText text=message /></Callout> }.into_any()
        }
    });
    view! {
        <div data-testid="answer" class="flex flex-col gap-3 empty:hidden">
            {problem}
            {decision.map(|decision| view! { <Decided decision query /> })}
        </div>
    }
}

#[component]
fn Decided(decision: PolicyDecision, query: RulesQuery) -> impl IntoView {
    let command = command_to_allow(&decision, &query);
    let PolicyDecision { allowed, subject, method, path, route, methods, rule, chain, nearest, is_current } =
        decision;
    let title = if allowed {
        format!("Allowed: {} may send {method} {path}", subject.id)
    } else {
        format!("Refused: {} may not send {method} {path}", subject.id)
    };
    let (reason, by_way) = match &rule {
        Some(rule) => {
            (format!("Rule: {}.", allows(rule)), membership(&chain).map(|chain| format!("{chain}.")))
        }
        None => ("No rule allows this request.".to_owned(), None),
    };
    view! {
        <Callout tone=if allowed { Tone::Ok } else { Tone::Error } title>
            <p>{reason}</p>
            {by_way.map(|by_way| view! { <p>{by_way}</p> })}
        </Callout>
        {(!is_current)
            .then(|| {
                view! {
                    <Callout tone=Tone::Warn title="This server uses older rules">
                        "The rules in the database have changed. This server reads them again within casbin_reload_interval_secs, or after a restart if that is switched off."
                    </Callout>
                }
            })}
        {command
            .map(|command| {
                view! {
                    <div class="flex flex-col gap-1">
                        <p>"To allow it, run this on the server's machine:"</p>
                        <CopyLine label="Copy the command that allows this request" text=command />
                    </div>
                }
            })}
        <dl class="grid gap-x-4 gap-y-2 rounded-panel bg-panel p-4 wrap-anywhere hairline sm:grid-cols-[max-content_1fr]">
            {(!nearest.is_empty()).then(|| fact("Similar rules", view! { <Nearest nearest /> }.into_any()))}
            {fact("Route", view! { <span>{about_route(route, &methods, &method)}</span> }.into_any())}
            {fact("Checked as", view! { <code class="font-mono">{subject.names.join(", ")}</code> }.into_any())}
            {known(subject, &query)}
        </dl>
    }
}

fn takes(methods: &[String], method: &str) -> bool {
    let method = if method == "HEAD" { "GET" } else { method };
    methods.iter().any(|known| known == method)
}

fn about_route(route: Option<String>, methods: &[String], method: &str) -> String {
    match route {
        Some(route) if takes(methods, method) => route,
        Some(route) => format!("{route} does not support {method}, only {}", methods.join(", ")),
        None => "No route of this API has this path, so an allowed request would get “not found”".to_owned(),
    }
}

/// For a refused request that the API supports. Users have the rights of their role, so the rule is about the role.
fn command_to_allow(decision: &PolicyDecision, query: &RulesQuery) -> Option<String> {
    let route = decision.route.as_ref().filter(|_| takes(&decision.methods, &decision.method))?;
    if decision.allowed {
        return None;
    }
    let subject = match decision.subject.kind {
        SubjectKind::Role | SubjectKind::Client => decision.subject.id.clone(),
        SubjectKind::User if !query.role.is_empty() => query.role.clone(),
        SubjectKind::User => decision.subject.roles.first()?.role.clone(),
    };
    Some(format!("console policy add {subject} {} {}", pattern_of(route), decision.method))
}

fn fact(term: &'static str, what: AnyView) -> impl IntoView {
    view! {
        <dt class="text-muted">{term}</dt>
        <dd class="min-w-0">{what}</dd>
    }
}

#[component]
fn Nearest(nearest: Vec<NearestRule>) -> impl IntoView {
    let lines = nearest
        .into_iter()
        .map(|near| {
            let differs = match (near.is_for_subject, near.is_for_method) {
                (true, _) => "another method",
                (false, true) => "another subject",
                (false, false) => "another subject and method",
            };
            view! {
                <li>
                    {allows(&near.rule)}
                    <span class="text-muted">" (" {differs} ")"</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="flex flex-col gap-1">{lines}</ul> }
}

/// What the database contains about a user or an API client.
fn known(subject: PolicySubject, query: &RulesQuery) -> impl IntoView + use<> {
    let PolicySubject { kind, roles, clients, .. } = subject;
    let roles = (kind == SubjectKind::User).then(|| fact("Role", view! { <Roles roles /> }.into_any()));
    let clients = (!clients.is_empty()).then(|| {
        let clients = clients.into_iter().map(|client| client_line(client, query)).collect_view();
        fact("API clients", view! { <ul class="flex flex-col gap-1">{clients}</ul> }.into_any())
    });
    (roles, clients)
}

#[component]
fn Roles(roles: Vec<KnownRole>) -> impl IntoView {
    if roles.is_empty() {
        return view! { <span>"Unknown to this server; checked with the role that you chose"</span> }
            .into_any();
    }
    let lines = roles
        .into_iter()
        .map(|known| {
            let from = match known.from {
                RoleSource::Session => "signed in",
                RoleSource::Token => "token created",
            };
            view! {
                <li>
                    <code class="font-mono">{known.role}</code>
                    <span class="text-muted">{format!(" ({from} ")} <Moment at=known.since />")"</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="flex flex-col gap-1">{lines}</ul> }.into_any()
}

fn client_line(client: KnownApiClient, query: &RulesQuery) -> impl IntoView + use<> {
    let KnownApiClient { id, user_id, name, scope, enabled } = client;
    let about = RulesQuery {
        subject: id.to_string(),
        kind: "client".to_owned(),
        role: String::new(),
        ..query.clone()
    };
    let state = if enabled { "" } else { ", disabled" };
    view! {
        <li>
            <A href=href(&question(&about)) attr:class="underline">
                {format!("{id} {}", name.unwrap_or_default())}
            </A>
            <span class="text-muted">{format!(" of {user_id}, scope {}{state}", scope.as_str())}</span>
        </li>
    }
}
