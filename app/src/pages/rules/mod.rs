//! `/admin/rules`: which requests the rules allow, why, and how to change them. The page is for administrators and read-only.
//!
//! Its order is that of an operator's work: check one request, look at everything that a subject may do, change a rule, read
//! all rules. Forms and links keep the whole question in the URL, so an answer can be bookmarked or shared.

mod address;
mod answer;
mod change;
mod filter_form;
mod question_form;
mod routes;
mod stored;
mod words;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::{
    address::query_of,
    answer::Answer,
    change::ChangeRules,
    question_form::QuestionForm,
    routes::Routes,
    stored::{Members, Rules},
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
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-4xl flex-1 flex-col gap-8 px-4 py-6">
            <div class="flex max-w-prose flex-col gap-2 text-pretty">
                <h1 class="text-title font-semibold">"Rules"</h1>
                <p>
                    "Rules decide which requests a role or an API client may send to the REST API. A request that no rule allows is refused."
                </p>
                <p class="text-muted">
                    "Rules don't apply to these pages. For every request, the server also checks who owns the project or host, and the scope of the credentials."
                </p>
            </div>
            <section class="flex flex-col gap-3" aria-labelledby="check-a-request">
                <div>
                    <h2 id="check-a-request" class="text-lead font-semibold">
                        "Check a request"
                    </h2>
                    <p class="text-muted">"Find out whether a request is allowed and which rule decides. Nothing is sent."</p>
                </div>
                <QuestionForm query=query.clone() subjects />
                <Answer decision unanswered query=query.clone() />
            </section>
            {routes.map(|routes| view! { <Routes routes query=query.clone() /> })}
            <ChangeRules />
            <Rules list=rules query=query.clone() />
            <Members list=members query />
        </main>
    }
}
