//! One cloud in the list, with its actions.

use domain::cloud::{CloudItem, KeyCheck, KeyVerdict, Provider, TokenCheck, provider_name};
use leptos::{prelude::*, task::spawn_local};

use super::state::{CloudsState, Editing};
use crate::{
    components::{
        Badge, ConfirmByName, DialogOpener, Icon, MENU_ITEM, MarkedText, Menu, Sign, State, Status,
    },
    deployment::words::counted,
    rpc::clouds::check_cloud,
};

/// What the check of a key shows.
#[derive(Clone, Debug, PartialEq)]
enum Checked {
    NotYet,
    Asking,
    Said(KeyCheck),
    Failed(String),
}

#[component]
pub(super) fn CloudRow(cloud: CloudItem, state: CloudsState) -> impl IntoView {
    let id = cloud.id;
    let name = cloud.name.clone().unwrap_or_else(|| provider_name(&cloud.provider).to_owned());
    let provider = provider_name(&cloud.provider).to_owned();
    let has_secrets = secrets(&cloud).next().is_some();
    let can_check = has_secrets && is_checkable(&cloud.provider);
    let checked = RwSignal::new(Checked::NotYet);
    let check = move |_| {
        checked.set(Checked::Asking);
        spawn_local(async move {
            let said = match check_cloud(id).await {
                Ok(check) => Checked::Said(check),
                Err(error) => Checked::Failed(error.to_string()),
            };
            checked.try_set(said);
        });
    };
    let dialog = format!("delete-cloud-{id}");
    let opened = dialog.clone();
    let (to_change, to_share) = (cloud.clone(), cloud.clone());
    let used_by = used_by(&cloud);
    let test_id = format!("cloud-{name}");
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    view! {
        <li class="flex items-start gap-3 border-t border-line py-3 pr-2 pl-4 first:border-t-0" data-testid=test_id>
            <div class="flex min-w-0 flex-1 flex-col gap-1">
                <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <h3 class="min-w-0 text-control font-semibold wrap-anywhere">{name.clone()}</h3>
                    <Badge>{provider}</Badge>
                </div>
                <p class="text-caption text-muted wrap-anywhere">{key_line(&cloud)}</p>
                <p class="text-caption text-muted wrap-anywhere">{used_by}</p>
                <div role="status" class="empty:hidden">
                    {move || shown(&checked.get())}
                </div>
            </div>
            <Menu id=format!("menu-cloud-{id}") label=format!("Actions for {name}") button>
                {can_check
                    .then(|| {
                        view! {
                            <button type="button" class=MENU_ITEM on:click=check>
                                <Icon sign=Sign::Check />
                                "Check the key"
                            </button>
                        }
                    })}
                <button
                    type="button"
                    class=MENU_ITEM
                    on:click=move |_| state.editing.set(Some(Editing::Change(Box::new(to_change.clone()))))
                >
                    <Icon sign=Sign::Edit />
                    "Change…"
                </button>
                <button type="button" class=MENU_ITEM on:click=move |_| state.sharing.set(Some(to_share.clone()))>
                    <Icon sign=Sign::Person />
                    "Share with projects…"
                </button>
                <DialogOpener dialog=opened class=MENU_ITEM>
                    <Icon sign=Sign::Trash />
                    "Delete…"
                </DialogOpener>
            </Menu>
        </li>
        <ConfirmByName
            id=dialog
            title="Delete cloud"
            action=format!("/clouds/{id}/delete")
            lost=format!("The stored key of “{name}” is deleted")
            name
            verb="Delete this cloud"
        >
            "Machines that were created with it keep running at the provider, and it keeps billing you for them. You can't undo this."
        </ConfirmByName>
    }
    .into_any()
}

fn is_checkable(provider: &str) -> bool {
    Provider::named(provider).is_some_and(|provider| provider.check() != TokenCheck::None)
}

fn secrets(cloud: &CloudItem) -> impl Iterator<Item = &String> {
    [&cloud.cloud_token, &cloud.cloud_key, &cloud.cloud_secret].into_iter().flatten()
}

fn key_line(cloud: &CloudItem) -> String {
    let masks: Vec<&str> = secrets(cloud).map(String::as_str).collect();
    if masks.is_empty() {
        "No key stored: each deployment has to bring its own.".to_owned()
    } else {
        format!("Key {}, stored encrypted", masks.join(", "))
    }
}

fn used_by(cloud: &CloudItem) -> String {
    let deployments = match cloud.deployments {
        0 => "Not used by a deployment".to_owned(),
        count => format!(
            "Used by {}",
            counted(usize::try_from(count).unwrap_or_default(), "deployment", "deployments")
        ),
    };
    if cloud.shared_with.is_empty() {
        return format!("{deployments} · only you can deploy with it");
    }
    let names: Vec<&str> = cloud.shared_with.iter().map(|project| project.project_name.as_str()).collect();
    format!("{deployments} · shared with the operators of {}", names.join(", "))
}

fn shown(checked: &Checked) -> Option<AnyView> {
    let (state, word, detail) = match checked {
        Checked::NotYet => return None,
        Checked::Asking => (State::Busy, "asking the provider", None),
        Checked::Failed(why) => (State::Error, "could not be checked", Some(why.clone())),
        Checked::Said(KeyCheck { verdict, detail }) => {
            let (state, word) = match verdict {
                KeyVerdict::Valid => (State::Ok, "key is valid"),
                KeyVerdict::Refused => (State::Error, "the provider refuses the key"),
                KeyVerdict::Unreachable => (State::Warn, "the provider did not answer"),
                KeyVerdict::NotSupported => (State::Off, "this provider offers no check"),
            };
            (state, word, detail.clone())
        }
    };
    Some(
        view! {
            <span class="flex flex-wrap items-center gap-2" data-testid="key-check">
                <Status state word=word.to_owned() />
                {detail
                    .map(|detail| {
                        view! {
                            <span class="text-caption text-muted wrap-anywhere">
                                <MarkedText text=detail />
                            </span>
                        }
                    })}
            </span>
        }
        .into_any(),
    )
}
