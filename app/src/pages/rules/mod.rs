//! `/admin/rules`: who is allowed to do what over REST, and why. The page is for administrators and read-only.
//!
//! Forms and links keep the whole question in the URL, so an answer can be bookmarked or shared.

mod address;
mod answer;
mod filter_form;
mod question_form;
mod routes;
mod tables;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::{
    address::query_of,
    answer::Answer,
    question_form::QuestionForm,
    routes::Routes,
    tables::{Members, Rules},
};
use crate::{
    layout::{Failure, Loading},
    rpc::rules::{RulesQuery, RulesView, look_up_rules},
};

#[component]
pub fn RulesPage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| query_of(&map.read()));
    let view = Resource::new_blocking(move || query.get(), look_up_rules);
    view! {
        <Title text="Rules" />
        <Transition fallback=|| view! { <Loading text="Loading the rules…" /> }>
            {move || Suspend::new(async move {
                match view.await {
                    Ok(found) => view! { <Found found query=query.get_untracked() /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Transition>
    }
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
