//! `/hosts`: the machines that stacks can be deployed to.
//!
//! Renaming and revoking are plain forms. An enrolment code is shown once, by the page's code: a plain form would have to put
//! it into a URL.

mod machines;
mod not_running;
mod row;
mod state;

use domain::api::{Host, HostLists, Used};
use leptos::prelude::*;
use leptos_meta::Title;

use self::{machines::Machines, row::HostRow, state::HostsState};
use crate::{
    components::{Button, Dialog, EmptyState, Icon, Look, Sign, Unit, UsageMeters},
    deployment::{AddHost, follow_hosts_and_machines},
    layout::{Failure, Loading},
    notice::NoticeLine,
    rpc::{RpcError, hosts::list_hosts, session::load_usage},
};

#[component]
pub fn HostsPage() -> impl IntoView {
    let hosts = Resource::new_blocking(|| (), |()| load());
    view! {
        <Title text="Hosts" />
        <Suspense fallback=|| view! { <Loading text="Loading your hosts…" /> }>
            {move || Suspend::new(async move {
                match hosts.await {
                    Ok((lists, limit)) => view! { <HostList lists limit /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// The hosts and the limit of hosts: one resource, so that both appear together.
async fn load() -> Result<(HostLists, Option<u64>), RpcError> {
    let lists = list_hosts().await?;
    let usage = load_usage().await.unwrap_or_default();
    Ok((lists, usage.hosts.map(|hosts| hosts.limit)))
}

#[component]
fn HostList(lists: HostLists, limit: Option<u64>) -> impl IntoView {
    let state = HostsState::new(lists);
    let hosts = state.hosts;
    let adding = RwSignal::new(false);
    follow_hosts_and_machines(hosts, state.machines);
    let ids = Memo::new(move |_| {
        // A provisional host is only in its dialog.
        let listed = |host: &&Host| !host.is_provisional;
        hosts.with(|hosts| hosts.iter().filter(listed).map(|host| host.id).collect::<Vec<_>>())
    });
    let none = Memo::new(move |_| ids.with(Vec::is_empty));
    let add = move || {
        view! {
            <Button look=Look::Primary on:click=move |_| adding.set(true) attr:data-testid="add-host">
                <Icon sign=Sign::Plus />
                "Add a host"
            </Button>
        }
    };
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-4 px-4 py-6">
            <div class="flex flex-wrap items-center gap-3">
                <h1 class="flex-1 text-title font-semibold">"Hosts"</h1>
                {move || (!none.get()).then(add)}
            </div>
            <NoticeLine />
            {move || {
                let used = ids.with(Vec::len) as u64;
                let hosts = limit.map(|limit| Used { used, limit });
                view! { <UsageMeters meters=vec![("Hosts", Unit::Things, hosts)] /> }
            }}
            <div class="rounded-panel bg-panel hairline">
                {move || {
                    none.get()
                        .then(|| {
                            view! {
                                <EmptyState
                                    sign=Sign::Host
                                    title="No host yet"
                                    text="A host runs a small agent that fetches its orders from here. Add any Linux machine with Docker or Podman: three commands to paste, no open port."
                                >
                                    {add()}
                                </EmptyState>
                            }
                        })
                }}
                <ul data-testid="hosts">
                    <For each=move || ids.get() key=|id| *id let:id>
                        <HostRow id state />
                    </For>
                </ul>
            </div>
            <Machines machines=state.machines />
            <AddHostDialog open=adding state />
        </main>
    }
}

#[component]
fn AddHostDialog(open: RwSignal<bool>, state: HostsState) -> impl IntoView {
    let HostsState { hosts, joining, .. } = state;
    // Issuing another code for an existing host opens the same dialog.
    Effect::new(move || {
        if joining.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            joining.set(None);
        }
    });
    view! {
        <Dialog id="add-host" title="Add a host" open>
            {move || {
                open.get()
                    .then(|| {
                        let done = Callback::new(move |_| open.set(false));
                        view! { <AddHost joining hosts done /> }
                    })
            }}
        </Dialog>
    }
}
