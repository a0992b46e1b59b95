//! `/callbacks`: addresses that the server calls when something happens.
//!
//! Deleting is a plain form. A secret comes to the page once, when it is made.

mod edit;
mod log;
mod row;
mod state;

use chrono::{DateTime, Utc};
use domain::callback::CallbackSubscription;
use leptos::prelude::*;
use leptos_meta::Title;
use uuid::Uuid;

use self::{
    edit::CallbackDialog,
    log::LogDialog,
    row::CallbackRow,
    state::{Asking, CallbacksState},
};
use crate::{
    components::{Button, EmptyState, Icon, Look, Sign},
    layout::{Failure, Loading},
    notice::NoticeLine,
    rpc::callbacks::list_callbacks,
};

#[component]
pub fn CallbacksPage() -> impl IntoView {
    let callbacks = Resource::new_blocking(|| (), |()| list_callbacks());
    view! {
        <Title text="Callbacks" />
        <Suspense fallback=|| view! { <Loading text="Loading your callbacks…" /> }>
            {move || Suspend::new(async move {
                match callbacks.await {
                    Ok(callbacks) => view! { <List callbacks /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn List(callbacks: Vec<CallbackSubscription>) -> impl IntoView {
    let state = CallbacksState::new(callbacks);
    let none = Memo::new(move |_| state.callbacks.with(Vec::is_empty));
    let add = move || {
        view! {
            <Button look=Look::Primary on:click=move |_| state.asking.set(Some(Asking::New)) attr:data-testid="add-callback">
                <Icon sign=Sign::Plus />
                "Add a callback"
            </Button>
        }
    };
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-6 px-4 py-6">
            <section class="flex flex-col gap-3" aria-label="Callbacks">
                <div class="flex flex-wrap items-end gap-3">
                    <div class="min-w-0 flex-1">
                        <h1 class="text-title font-semibold">"Callbacks"</h1>
                        <p class="text-muted">
                            "The server calls these addresses when something happens: to your deployments, your agents, or your commands. Each call is signed, and repeated for a day until your program accepts it."
                        </p>
                    </div>
                    {move || (!none.get()).then(add)}
                </div>
                <NoticeLine />
                <div class="rounded-panel bg-panel hairline">
                    {move || {
                        none.get()
                            .then(|| {
                                view! {
                                    <EmptyState
                                        sign=Sign::Link
                                        title="No callback yet"
                                        text="Add the address of your program, and choose what it should hear about. It gets a secret, with which it checks that a call is really from this server."
                                    >
                                        {add()}
                                    </EmptyState>
                                }
                            })
                    }}
                    <ul data-testid="callbacks">
                        <For each=move || state.callbacks.get() key=version_of let:callback>
                            <CallbackRow callback state />
                        </For>
                    </ul>
                </div>
            </section>
            <CallbackDialog state />
            <LogDialog state />
        </main>
    }
    .into_any()
}

/// Changes whenever the row shows something else.
fn version_of(callback: &CallbackSubscription) -> (Uuid, DateTime<Utc>, Option<DateTime<Utc>>) {
    (callback.id, callback.updated_at, callback.failing_since)
}

/// Which projects a callback is about.
fn about(callback: &CallbackSubscription) -> String {
    callback
        .project_name
        .as_ref()
        .map_or_else(|| "All projects".to_owned(), |project| format!("Only the project “{project}”"))
}
