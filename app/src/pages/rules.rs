//! `/admin/rules`: who may do what over REST, and why. For administrators; it changes nothing.
//!
//! Everything is in the address: forms that ask, and links, so that an answer can be sent to somebody.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, location::Url, params::ParamsMap};

use super::{
    failure::Failure,
    rules_answer::{Answer, Routes},
    rules_lists::{Members, Rules},
    rules_question::QuestionForm,
};
use crate::rpc::rules::{RulesQuery, RulesView, look_up_rules};

pub(super) const PAGE: &str = "/admin/rules";

#[component]
pub fn RulesPage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| query_of(&map.read()));
    let view = Resource::new_blocking(move || query.get(), look_up_rules);
    view! {
        <Title text="Rules" />
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match view.await {
                    Ok(found) => view! { <Found found query=query.get_untracked() /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

fn query_of(map: &ParamsMap) -> RulesQuery {
    let text = |name: &str| map.get(name).unwrap_or_default();
    let number = |name: &str| map.get(name).and_then(|number| number.parse().ok());
    RulesQuery {
        subject: text("subject"),
        kind: text("kind"),
        role: text("role"),
        method: text("method"),
        path: text("path"),
        routes: text("routes"),
        rules: text("rules"),
        rules_after: number("rules_after"),
        members_after: number("members_after"),
    }
}

/// What is asked, for the fields that a form leaves as they are and for links.
pub(super) fn question(query: &RulesQuery) -> Vec<(&'static str, String)> {
    let all = [
        ("subject", &query.subject),
        ("kind", &query.kind),
        ("role", &query.role),
        ("method", &query.method),
        ("path", &query.path),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, value.clone()))
        .collect()
}

pub(super) fn href(pairs: &[(&'static str, String)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", Url::escape(value))).collect();
    format!("{PAGE}?{}", pairs.join("&"))
}

#[component]
fn Found(found: RulesView, query: RulesQuery) -> impl IntoView {
    let RulesView { subjects, decision, routes, unanswered, rules, members } = found;
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-6 px-4 py-6">
            <div class="flex flex-col gap-1">
                <h1 class="text-title font-semibold">"Rules"</h1>
                <p class="max-w-prose text-pretty text-muted">
                    "Every request over REST is asked about here first: a rule allows a subject a method and a path, and what no rule allows is refused. Behind the rules it is asked again whose things they are and how far a scope reaches; pages ask that alone."
                </p>
            </div>
            <section class="flex flex-col gap-3" aria-label="Ask the rules">
                <QuestionForm query=query.clone() subjects />
                <Answer decision unanswered query=query.clone() />
            </section>
            {routes.map(|routes| view! { <Routes routes query=query.clone() /> })}
            <Rules list=rules query=query.clone() />
            <Members list=members query />
        </main>
    }
}

/// Only when coming from another page: the first paint of this address has everything in it.
#[component]
fn Loading() -> impl IntoView {
    view! {
        <main id="main" tabindex="-1" class="mx-auto w-full max-w-5xl px-4 py-6 text-muted" aria-busy="true">
            "Loading the rules…"
        </main>
    }
}
