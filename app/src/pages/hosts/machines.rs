//! Machines that the install service set up and whose agent has registered. Each serves one deployment.

use domain::api::{CloudMachine, HostStage};
use leptos::prelude::*;

use crate::{
    components::{Look, Status, age_of},
    deployment::words,
};

/// Shown once there is a machine.
#[component]
pub(super) fn Machines(machines: RwSignal<Vec<CloudMachine>>) -> impl IntoView {
    let hashes = Memo::new(move |_| {
        machines.with(|machines| {
            machines.iter().map(|machine| machine.deployment_hash.clone()).collect::<Vec<_>>()
        })
    });
    let some = Memo::new(move |_| hashes.with(|hashes| !hashes.is_empty()));
    move || {
        some.get().then(|| {
            view! {
                <section class="flex flex-col gap-3" aria-label="Machines in clouds">
                    <div>
                        <h2 class="text-lead font-semibold">"Machines in clouds"</h2>
                        <p class="text-muted">
                            "The install service set them up, and their agents have registered. Each serves one deployment; nothing else can be deployed there."
                        </p>
                    </div>
                    <ul class="rounded-panel bg-panel hairline" data-testid="machines">
                        <For each=move || hashes.get() key=String::clone let:hash>
                            <MachineRow hash machines />
                        </For>
                    </ul>
                </section>
            }
        })
    }
}

#[component]
fn MachineRow(hash: String, machines: RwSignal<Vec<CloudMachine>>) -> impl IntoView {
    let link = format!("/deployments/{hash}");
    let machine = Memo::new(move |_| {
        machines.with(|machines| machines.iter().find(|machine| machine.deployment_hash == hash).cloned())
    });
    let of = move |part: fn(&CloudMachine) -> Option<String>| {
        move || machine.with(|machine| machine.as_ref().and_then(part))
    };
    let shown = Memo::new(move |_| {
        machine.with(|machine| machine.as_ref().map(words::of_machine)).unwrap_or_default()
    });
    let seen =
        age_of(move || machine.with(|machine| machine.as_ref().and_then(|machine| machine.last_seen_at)));
    let runs = move || {
        machine.with(|machine| machine.as_ref().is_some_and(|machine| machine.stage == HostStage::Running))
    };
    view! {
        <li class="flex flex-wrap items-start gap-x-4 gap-y-2 border-t border-line py-3 pr-2 pl-4 first:border-t-0" data-testid="machine">
            <div class="flex min-w-0 flex-1 flex-col gap-1">
                <h3 class="min-w-0 text-control font-semibold wrap-anywhere">{of(|machine| Some(title(machine)))}</h3>
                <Status
                    state=Signal::derive(move || shown.get().0)
                    word=Signal::derive(move || shown.get().1.to_owned())
                    age=Signal::derive(move || if runs() { seen.get() } else { String::new() })
                />
                <p class="text-warn wrap-anywhere empty:hidden">{of(|machine| machine.remark.clone())}</p>
                <p class="text-caption text-muted wrap-anywhere">{of(|machine| Some(facts(machine)))}</p>
            </div>
            <a class=Look::Quiet.class() href=link>
                "Deployment"
            </a>
        </li>
    }
}

fn title(machine: &CloudMachine) -> String {
    format!("Machine of the cloud deployment “{}”", machine.project_name)
}

/// Provider, name, address and agent, as far as they are known.
fn facts(machine: &CloudMachine) -> String {
    let address = machine.srv_ip.clone().unwrap_or_else(|| "no address reported yet".to_owned());
    let agent = machine.version.as_ref().map(|version| format!("agent {version}"));
    let parts: Vec<String> = [words::provider_called(&machine.provider)]
        .into_iter()
        .chain(machine.name.clone())
        .chain([address])
        .chain(agent)
        .collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use domain::api::AgentStatus;

    use super::*;

    #[test]
    fn a_row_names_deployment_provider_address_and_agent() {
        let machine = CloudMachine {
            deployment_hash: "deployment_1".to_owned(),
            project_name: "Shop".to_owned(),
            provider: "htz".to_owned(),
            name: None,
            srv_ip: None,
            stage: HostStage::Joined,
            status: AgentStatus::Offline,
            last_seen_at: None,
            version: None,
            remark: None,
        };
        assert_eq!(title(&machine), "Machine of the cloud deployment “Shop”");
        assert_eq!(facts(&machine), "Hetzner Cloud · no address reported yet");
        let known = CloudMachine {
            provider: "own".to_owned(),
            name: Some("shop-1".to_owned()),
            srv_ip: Some("203.0.113.7".to_owned()),
            version: Some("0.1.9".to_owned()),
            ..machine
        };
        assert_eq!(facts(&known), "a server of your own · shop-1 · 203.0.113.7 · agent 0.1.9");
    }
}
