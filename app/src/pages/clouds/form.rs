//! The dialog that adds or changes a cloud: provider, name, and the fields of that provider.

use std::collections::BTreeMap;

use domain::{
    cloud::{CloudItem, Need, Provider, SecretField, SecretKind},
    stack::SecretText,
};
use leptos::{prelude::*, task::spawn_local};

use super::state::{CloudsState, Editing};
use crate::{
    components::{Button, Callout, Dialog, Icon, Look, MarkedText, Select, Sign, TextInput, Tone},
    rpc::clouds::{CloudForm, add_cloud, change_cloud},
};

const MAX_NAME_CHARACTERS: u16 = 100;
/// Stands for a provider that is not in the list.
const OTHER: &str = "";
/// What is asked for another provider.
const OTHER_FIELDS: [SecretField; 3] = [
    SecretField { kind: SecretKind::Token, label: "Token", need: Need::Optional },
    SecretField { kind: SecretKind::Key, label: "Key", need: Need::Optional },
    SecretField { kind: SecretKind::Secret, label: "Secret", need: Need::Optional },
];

#[component]
pub(super) fn CloudDialog(state: CloudsState) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if state.editing.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            state.editing.set(None);
        }
    });
    view! {
        <Dialog id="cloud" title="Cloud" open>
            {move || {
                state
                    .editing
                    .get()
                    .map(|editing| {
                        let cloud = match editing {
                            Editing::New => None,
                            Editing::Change(cloud) => Some(*cloud),
                        };
                        view! { <Ask cloud state open /> }
                    })
            }}
        </Dialog>
    }
}

#[component]
fn Ask(
    /// The cloud that is changed. `None`: a new one.
    cloud: Option<CloudItem>,
    state: CloudsState,
    open: RwSignal<bool>,
) -> impl IntoView {
    let id = cloud.as_ref().map(|cloud| cloud.id);
    let written =
        cloud.as_ref().map_or_else(|| Provider::ALL[0].code().to_owned(), |cloud| cloud.provider.clone());
    let known = Provider::named(&written).map(Provider::code);
    let chosen = RwSignal::new(known.unwrap_or(OTHER).to_owned());
    let other = RwSignal::new(if known.is_none() { written.clone() } else { String::new() });
    let name = RwSignal::new(cloud.as_ref().and_then(|cloud| cloud.name.clone()).unwrap_or_default());
    let secrets = RwSignal::new(BTreeMap::<&'static str, String>::new());
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(false);
    let masks = StoredValue::new(cloud.as_ref().map(masks).unwrap_or_default());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if sending.get_untracked() {
            return;
        }
        let chosen = chosen.get_untracked();
        let provider = match (chosen.as_str(), known) {
            (OTHER, _) => other.get_untracked(),
            // An existing client may have written an alias, which its other clients know.
            (code, Some(known)) if code == known => written.clone(),
            (code, _) => code.to_owned(),
        };
        let typed = secrets.get_untracked().into_iter().filter(|(_, secret)| !secret.is_empty());
        let secrets = typed.map(|(key, secret)| (key.to_owned(), SecretText::new(secret.trim()))).collect();
        let form = CloudForm { name: name.get_untracked(), provider, secrets };
        sending.set(true);
        problem.set(None);
        spawn_local(async move {
            let done = match id {
                None => add_cloud(form).await,
                Some(id) => change_cloud(id, form).await,
            };
            match done {
                Ok(_) => {
                    state.reload();
                    open.try_set(false);
                }
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
            sending.try_set(false);
        });
    };
    let mut options: Vec<(String, String)> =
        Provider::ALL.map(|provider| (provider.code().to_owned(), provider.name().to_owned())).to_vec();
    options.push((OTHER.to_owned(), "Another provider".to_owned()));
    let field = move |field: SecretField| {
        let key = field.kind.key();
        let stored = masks.with_value(|masks| masks.get(key).cloned());
        let required = field.need == Need::Required && stored.is_none();
        let label = if field.need == Need::Optional {
            format!("{} (optional)", field.label)
        } else {
            field.label.to_owned()
        };
        let placeholder = stored.map(|mask| format!("{mask} (leave empty to keep it)")).unwrap_or_default();
        view! {
            <TextInput
                id=format!("cloud-{key}")
                label
                kind="password"
                required
                placeholder
                mono=true
                bind=Signal::derive(move || secrets.with(|secrets| secrets.get(key).cloned().unwrap_or_default()))
                on_input=Callback::new(move |text: String| {
                    secrets
                        .update(|secrets| {
                            secrets.insert(key, text);
                        });
                })
            />
        }
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=send>
            <Select
                id="cloud-provider"
                label="Provider"
                options
                value=Signal::derive(move || chosen.get())
                on_change=Callback::new(move |code: String| {
                    secrets.set(BTreeMap::new());
                    chosen.set(code);
                })
            />
            {move || {
                (chosen.get() == OTHER)
                    .then(|| {
                        view! {
                            <TextInput
                                id="cloud-other"
                                label="Name that the install service knows"
                                required=true
                                max_length=50
                                bind=Signal::derive(move || other.get())
                                on_input=Callback::new(move |text| other.set(text))
                            />
                        }
                    })
            }}
            <TextInput
                id="cloud-name"
                label="Name"
                placeholder="Work account"
                max_length=MAX_NAME_CHARACTERS
                help="What you call it. Without one, it is named after the provider."
                bind=Signal::derive(move || name.get())
                on_input=Callback::new(move |text| name.set(text))
            />
            {move || {
                let provider = Provider::named(&chosen.get());
                let fields = provider.map_or(&OTHER_FIELDS[..], Provider::fields);
                let page = provider.map(|provider| {
                    view! {
                        <a
                            class="inline-flex items-center gap-1.5 self-start text-accent hover:underline"
                            href=provider.key_page()
                            target="_blank"
                            rel="noopener noreferrer"
                        >
                            <Icon sign=Sign::Link />
                            {format!("Create a key at {} (opens a new tab)", provider.name())}
                        </a>
                    }
                });
                view! {
                    {page}
                    {fields.iter().copied().map(field).collect_view()}
                }
            }}
            <p class="text-caption text-muted">
                "The key is stored encrypted. Afterwards at most its last four characters are shown."
            </p>
            {move || {
                problem
                    .get()
                    .map(|why| {
                        view! {
                            <Callout tone=Tone::Error title="Not saved">
                                <MarkedText text=why />
                            </Callout>
                        }
                    })
            }}
            <div class="flex justify-end">
                <Button look=Look::Primary kind="submit" disabled=sending>
                    {if id.is_some() { "Save" } else { "Add this cloud" }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// What is shown of the stored secrets, by their keys.
fn masks(cloud: &CloudItem) -> BTreeMap<&'static str, String> {
    let stored = |kind: SecretKind| match kind {
        SecretKind::Token => cloud.cloud_token.clone(),
        SecretKind::Key => cloud.cloud_key.clone(),
        SecretKind::Secret => cloud.cloud_secret.clone(),
    };
    SecretKind::ALL.into_iter().filter_map(|kind| Some((kind.key(), stored(kind)?))).collect()
}
