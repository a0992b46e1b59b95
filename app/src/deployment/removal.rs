//! The dialog that takes a deployment down. Named volumes stay, except those that are ticked.

use domain::{
    api::{RevisionOutcome, RevisionSummary},
    deploy::DeploymentStatus,
    stack::Stack,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::live::Live;
use crate::{
    components::{Button, Callout, Dialog, DialogClose, Look, MarkedText, TextInput, Tone, use_toasts},
    rpc::deployments::{load_revision, remove_deployment},
};

pub const REMOVAL: &str = "remove-deployment";

/// The named volumes that this stack creates, by their names in the container engine.
fn volumes(stack_name: &str, compose: &str) -> Vec<String> {
    Stack::read(compose)
        .model()
        .volumes
        .iter()
        .filter(|volume| !volume.external)
        .map(|volume| volume.external_name.clone().unwrap_or_else(|| format!("{stack_name}_{}", volume.name)))
        .collect()
}

#[component]
pub fn Removal(live: RwSignal<Live>, open: RwSignal<bool>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<String>::new());
    let ticked = RwSignal::new(Vec::<String>::new());
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(false);
    let stack = live.with_untracked(|live| live.detail.summary.stack.clone());
    let wanted = stack.clone();
    let hash = move || live.with_untracked(|live| live.detail.summary.deployment_hash.clone());
    let name = StoredValue::new(stack);
    let provider = live.with_untracked(|live| {
        let summary = &live.detail.summary;
        summary.install.as_ref().map(|_| super::words::provider_of(summary))
    });
    let provider = StoredValue::new(provider);
    Effect::new(move || {
        if !open.get() {
            return;
        }
        typed.set(String::new());
        ticked.set(Vec::new());
        problem.set(None);
        let newest = live.with_untracked(|live| {
            let detail = &live.detail;
            detail.summary.running_revision.or(detail.revisions.first().map(|revision| revision.number))
        });
        let Some(newest) = newest else { return };
        spawn_local(async move {
            if let Ok(revision) = load_revision(hash(), newest).await
                && provider.with_value(Option::is_none)
            {
                found.try_set(volumes(&name.get_value(), &revision.compose));
            }
        });
    });
    // What never reached a host is deleted for good, and nothing is lost with it.
    let is_unused = Memo::new(move |_| {
        live.with(|live| {
            let detail = &live.detail;
            let tried = |revision: &RevisionSummary| revision.outcome != RevisionOutcome::Planned;
            detail.summary.host.is_some()
                && detail.summary.status == DeploymentStatus::Pending
                && !detail.revisions.iter().any(tried)
        })
    });
    let confirmed = Memo::new(move |_| is_unused.get() || typed.with(|typed| typed.trim() == wanted));
    let on_host = live.with_untracked(|live| live.detail.summary.host.is_some());
    let toasts = use_toasts();
    let navigate = use_navigate();
    let remove = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !confirmed.get_untracked() || sending.get_untracked() {
            return;
        }
        sending.set(true);
        problem.set(None);
        let navigate = navigate.clone();
        spawn_local(async move {
            match remove_deployment(hash(), ticked.get_untracked()).await {
                // There is nothing left to show.
                Ok(None) => {
                    // The next page has no place of its own for it.
                    toasts.show(
                        Tone::Ok,
                        what_was_removed(&name.get_value(), provider.get_value().as_deref(), on_host),
                    );
                    navigate("/deployments", NavigateOptions::default());
                }
                Ok(Some(_)) => drop(open.try_set(false)),
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
            sending.try_set(false);
        });
    };
    let tick = move |volume: String| {
        let id = format!("volume-{volume}");
        let (of, ticked_one) = (volume.clone(), volume.clone());
        let is_ticked = move || ticked.with(|ticked| ticked.contains(&ticked_one));
        let change = move |event| {
            let on = event_target_checked(&event);
            ticked.update(|ticked| {
                ticked.retain(|it| *it != of);
                if on {
                    ticked.push(of.clone());
                }
            });
        };
        view! {
            <li class="flex min-h-control items-center gap-2">
                <input id=id.clone() type="checkbox" class="size-4" prop:checked=is_ticked on:change=change />
                <label for=id class="min-w-0 wrap-anywhere">
                    "Also delete " <code class="font-mono">{volume}</code> " and all data in it"
                </label>
            </li>
        }
    };
    let what_stays = move || {
        let (all, gone) = (found.with(Vec::len), ticked.with(Vec::len));
        match (all, gone) {
            (0, _) => "It has no named volumes.".to_owned(),
            (_, 0) => "All its volumes stay on the host with their data.".to_owned(),
            (all, gone) if all == gone => {
                "Its volumes and all data in them are deleted. You can't undo this.".to_owned()
            }
            (_, gone) => format!(
                "{} deleted with all data; the others stay. You can't undo this.",
                super::words::counted(gone, "volume is", "volumes are")
            ),
        }
    };
    view! {
        <Dialog id=REMOVAL title="Remove this deployment" open>
            <form class="flex flex-col gap-4" on:submit=remove>
                {move || {
                    if is_unused.get() {
                        view! { <p>"It was never deployed, so nothing runs on the host. The project stays as it is."</p> }.into_any()
                    } else {
                        let stack = name.get_value();
                        let warning = match provider.get_value() {
                            Some(provider) => at_provider(&provider).into_any(),
                            None => {
                                view! {
                                    <Callout tone=Tone::Warn title=format!("The containers and networks of “{stack}” will be removed")>
                                "Its services stop and can no longer be reached. The project and this history stay. "
                                <span data-testid="what-stays">{what_stays}</span>
                            </Callout>
                                }
                                    .into_any()
                            }
                        };
                        view! {
                            {warning}
                            <ul class="flex flex-col empty:hidden">
                                <For each=move || found.get() key=String::clone children=tick />
                            </ul>
                            <TextInput
                                id="remove-name"
                                label=format!("Type “{stack}” to confirm")
                                bind=Signal::derive(move || typed.get())
                                on_input=Callback::new(move |text| typed.set(text))
                            />
                        }
                            .into_any()
                    }
                }}
                {move || problem.get().map(|why| view! { <Callout tone=Tone::Error title="Couldn't remove the deployment"><MarkedText text=why /></Callout> })}
                <div class="flex flex-wrap justify-end gap-2">
                    <DialogClose dialog=REMOVAL>"Cancel"</DialogClose>
                    <Button
                        look=Look::Danger
                        kind="submit"
                        disabled=Signal::derive(move || !confirmed.get() || sending.get())
                        attr:data-testid="remove-confirm"
                    >
                        {move || if sending.get() { "Sending…" } else { "Remove this deployment" }}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}

/// What to say of a deployment whose page is left because it has ended at once.
fn what_was_removed(stack: &str, provider: Option<&str>, on_host: bool) -> String {
    match (provider, on_host) {
        (Some(provider), _) => format!(
            "“{stack}” is no longer tracked here. A machine that was created for it keeps running at {provider}, which keeps billing you. To end that, delete the machine in the provider's console."
        ),
        (None, true) => format!("“{stack}” was removed. It was never deployed, so nothing runs on the host."),
        (None, false) => format!("“{stack}” was removed here. What its agent runs stays on its host."),
    }
}

/// Nothing is ordered or cancelled at a provider from here.
fn at_provider(provider: &str) -> impl IntoView + use<> {
    view! {
        <Callout tone=Tone::Warn title="The machine keeps running">
            {format!(
                "Removing stops tracking the deployment here. Its machine and everything on it stay at {provider}, which keeps billing you. To end that, delete the machine in the provider's console.",
            )}
        </Callout>
    }
}

#[cfg(test)]
mod tests {
    use super::{volumes, what_was_removed};

    #[test]
    fn whoever_removes_a_deployment_is_told_what_keeps_running() {
        let told = what_was_removed("shop-1", Some("Hetzner Cloud"), false);
        assert!(told.contains("keeps running at Hetzner Cloud, which keeps billing you"), "{told}");
        assert!(what_was_removed("shop-1", None, true).ends_with("nothing runs on the host."));
        assert!(what_was_removed("shop-1", None, false).ends_with("stays on its host."));
    }

    #[test]
    fn only_volumes_of_its_own_can_be_deleted_with_it() {
        let compose =
            "services: {}\nvolumes:\n  data:\n  named:\n    name: kept\n  theirs:\n    external: true\n";
        assert_eq!(volumes("shop-1", compose), ["shop-1_data", "kept"]);
    }
}
