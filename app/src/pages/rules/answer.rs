//! What the rules decide about one subject, method and path, and why.

use domain::api::{
    AllowRule, KnownApiClient, KnownRole, NearestRule, PolicyDecision, PolicySubject, RoleSource, SubjectKind,
};
use leptos::prelude::*;
use leptos_router::components::A;

use super::address::{href, question};
use crate::{
    components::{Callout, MarkedText, Moment, Tone},
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
            <Callout tone=Tone::Warn title=format!("Nothing is known here of “{}”", query.subject)>
                "No session, no token and no rule is theirs: users are known to this server once they have signed in. Choose the role that their provider gives them, and ask again."
            </Callout>
        }
        .into_any(),
        Unanswered::Invalid(message) => {
            view! { <Callout tone=Tone::Error title="This cannot be asked"><MarkedText text=message /></Callout> }.into_any()
        }
    });
    view! {
        <div data-testid="answer" class="flex flex-col gap-3">
            {problem}
            {decision.map(|decision| view! { <Decided decision query /> })}
        </div>
    }
}

#[component]
fn Decided(decision: PolicyDecision, query: RulesQuery) -> impl IntoView {
    let PolicyDecision { allowed, subject, method, path, route, methods, rule, chain, nearest, is_current } =
        decision;
    let title = format!("{}: {} {method} {path}", if allowed { "Allowed" } else { "Refused" }, subject.id);
    let is_route = methods.contains(&if method == "HEAD" { "GET".to_owned() } else { method.clone() });
    let where_to = match route {
        Some(route) if is_route => format!("{route}, a route of this API"),
        Some(route) => {
            format!("{route} takes {} only, so nothing is there to be allowed", methods.join(", "))
        }
        None => "No route of this API takes this path: whoever is let through finds nothing".to_owned(),
    };
    view! {
        <Callout tone=if allowed { Tone::Ok } else { Tone::Error } title>
            {if allowed { "By the rules. Use cases behind them may still refuse." } else { "No rule allows it." }}
        </Callout>
        {(!is_current)
            .then(|| {
                view! {
                    <Callout tone=Tone::Warn title="The rules in the database have changed">
                        "This server still decides by those of before. It reads them within casbin_reload_interval_secs, or after a restart where reloading is switched off."
                    </Callout>
                }
            })}
        <dl class="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-2 rounded-panel bg-panel p-4 wrap-anywhere hairline">
            {rule.map(|rule| fact("Rule", view! { <RuleLine rule /> }.into_any()))}
            {(chain.len() > 1).then(|| fact("By way of", view! { <Chain chain /> }.into_any()))}
            {(!nearest.is_empty()).then(|| fact("Nearest rules", view! { <Nearest nearest /> }.into_any()))}
            {fact("Route", view! { <span>{where_to}</span> }.into_any())}
            {fact("Asked as", view! { <code class="font-mono">{subject.names.join(", ")}</code> }.into_any())}
            {known(subject, &query)}
        </dl>
    }
}

fn fact(term: &'static str, what: AnyView) -> impl IntoView {
    view! {
        <dt class="text-muted">{term}</dt>
        <dd class="min-w-0">{what}</dd>
    }
}

/// A rule in the form in which the database table stores it.
#[component]
pub(super) fn RuleLine(rule: AllowRule) -> impl IntoView {
    let AllowRule { ptype, subject, object, action, .. } = rule;
    view! { <code class="font-mono">{format!("{ptype}, {subject}, {object}, {action}")}</code> }
}

#[component]
fn Chain(chain: Vec<String>) -> impl IntoView {
    view! { <code class="font-mono">{chain.join(" → ")}</code> }
}

#[component]
fn Nearest(nearest: Vec<NearestRule>) -> impl IntoView {
    let lines = nearest
        .into_iter()
        .map(|near| {
            let misses = match (near.is_for_subject, near.is_for_method) {
                (true, _) => "for another method",
                (false, true) => "for somebody else",
                (false, false) => "for somebody else, and another method",
            };
            view! {
                <li>
                    <RuleLine rule=near.rule />
                    <span class="text-muted">" " {misses}</span>
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
        return view! { <span>"Known nowhere here; asked with the role that was chosen"</span> }.into_any();
    }
    let lines = roles
        .into_iter()
        .map(|known| {
            let from = match known.from {
                RoleSource::Session => "in the session begun",
                RoleSource::Token => "in the token made",
            };
            view! {
                <li>
                    <code class="font-mono">{known.role}</code>
                    <span class="text-muted">{format!(" {from} ")} <Moment at=known.since /></span>
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
