//! The machines that the install service created.

use domain::cloud::ServerItem;
use leptos::prelude::*;

use super::state::CloudsState;
use crate::components::Badge;

/// Shown once there is a machine.
#[component]
pub(super) fn Servers(state: CloudsState) -> impl IntoView {
    let servers = Memo::new(move |_| state.lists.with(|lists| lists.servers.clone()));
    move || {
        (!servers.with(Vec::is_empty)).then(|| {
            view! {
                <section class="flex flex-col gap-3" aria-label="Servers">
                    <div>
                        <h2 class="text-lead font-semibold">"Servers"</h2>
                        <p class="text-muted">
                            "Machines that the install service creates for deployments. Once the agent on such a machine has registered, its deployment shows it. It is then listed, like machines that you set up yourself, under "
                            <a class="text-accent hover:underline" href="/hosts">
                                "Hosts"
                            </a>
                            "."
                        </p>
                    </div>
                    <ul class="rounded-panel bg-panel hairline" data-testid="servers">
                        {servers.get().into_iter().map(|server| view! { <Server server /> }).collect_view()}
                    </ul>
                </section>
            }
        })
    }
}

#[component]
fn Server(server: ServerItem) -> impl IntoView {
    let title = server
        .name
        .clone()
        .or_else(|| server.srv_ip.clone())
        .unwrap_or_else(|| format!("Server {}", server.id));
    let facts: Vec<String> =
        [&server.server, &server.region, &server.zone, &server.os].into_iter().flatten().cloned().collect();
    let address = server.srv_ip.map(|address| match server.ssh_port {
        Some(port) => format!("{address}, SSH on port {port}"),
        None => address,
    });
    view! {
        <li class="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-3 first:border-t-0">
            <div class="flex min-w-0 flex-1 flex-col gap-1">
                <h3 class="min-w-0 text-control font-semibold wrap-anywhere">{title}</h3>
                <p class="text-caption text-muted wrap-anywhere">
                    {if facts.is_empty() { "Size and region were left to the install service".to_owned() } else { facts.join(" · ") }}
                </p>
            </div>
            <Badge mono=true>{address.unwrap_or_else(|| "no address yet".to_owned())}</Badge>
            {server
                .deployment_hash
                .map(|hash| {
                    view! {
                        <a class="text-accent hover:underline" href=format!("/deployments/{hash}")>
                            "Deployment"
                        </a>
                    }
                })}
        </li>
    }
}
