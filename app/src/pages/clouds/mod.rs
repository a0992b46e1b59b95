//! `/clouds`: credentials with which the install service creates machines, and those machines.
//!
//! Deleting is a plain form. Secrets travel only towards the server: a page gets at most the last four characters of one.

mod form;
mod row;
mod servers;
mod share;
mod state;

use chrono::{DateTime, Utc};
use domain::cloud::CloudItem;
use leptos::prelude::*;
use leptos_meta::Title;

use self::{form::CloudDialog, row::CloudRow, servers::Servers, share::ShareDialog, state::CloudsState};
use crate::{
    components::{Button, Callout, EmptyState, Icon, Look, Sign, Tone},
    layout::{Failure, Loading},
    notice::NoticeLine,
    rpc::clouds::{CloudLists, list_clouds},
};

#[component]
pub fn CloudsPage() -> impl IntoView {
    let lists = Resource::new_blocking(|| (), |()| list_clouds());
    view! {
        <Title text="Clouds" />
        <Suspense fallback=|| view! { <Loading text="Loading your clouds…" /> }>
            {move || Suspend::new(async move {
                match lists.await {
                    Ok(lists) => view! { <Lists lists /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Lists(lists: CloudLists) -> impl IntoView {
    let has_broker = lists.has_broker;
    let state = CloudsState::new(lists);
    let clouds = Memo::new(move |_| state.lists.with(|lists| lists.clouds.clone()));
    let none = Memo::new(move |_| clouds.with(Vec::is_empty));
    let add = move || {
        view! {
            <Button look=Look::Primary on:click=move |_| state.add() attr:data-testid="add-cloud">
                <Icon sign=Sign::Plus />
                "Add a cloud"
            </Button>
        }
    };
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-6 px-4 py-6">
            <section class="flex flex-col gap-3" aria-label="Clouds">
                <div class="flex flex-wrap items-center gap-3">
                    <h1 class="flex-1 text-title font-semibold">"Clouds"</h1>
                    {move || (!none.get()).then(add)}
                </div>
                <p class="text-muted">
                    "Keys of cloud providers. The install service creates a machine with one of them and sets up the stack there. The provider bills you for the machine."
                </p>
                <NoticeLine />
                {(!has_broker)
                    .then(|| {
                        view! {
                            <Callout tone=Tone::Warn title="This server can't deploy to clouds yet">
                                "Its operator has to connect the message broker that leads to the install service (section `amqp` of the configuration). Until then you can deploy to your own hosts."
                            </Callout>
                        }
                    })}
                <div class="rounded-panel bg-panel hairline">
                    {move || {
                        none.get()
                            .then(|| {
                                view! {
                                    <EmptyState
                                        sign=Sign::Key
                                        title="No cloud yet"
                                        text="Add a key of Hetzner, DigitalOcean, AWS or another provider. It is stored encrypted and never shown again. Your own machines need no key: add them under Hosts."
                                    >
                                        {add()}
                                    </EmptyState>
                                }
                            })
                    }}
                    <ul data-testid="clouds">
                        <For each=move || clouds.get() key=version_of let:cloud>
                            <CloudRow cloud state />
                        </For>
                    </ul>
                </div>
            </section>
            <Servers state />
            <CloudDialog state />
            <ShareDialog state />
        </main>
    }
    .into_any()
}

/// Changes whenever the row shows something else.
fn version_of(cloud: &CloudItem) -> (i32, DateTime<Utc>, i64, Vec<i32>) {
    let projects = cloud.shared_with.iter().map(|project| project.project_id).collect();
    (cloud.id, cloud.updated_at, cloud.deployments, projects)
}
