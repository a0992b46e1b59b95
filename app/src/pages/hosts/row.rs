//! One host in the list, with its actions.

use domain::{
    api::{Host, HostStage},
    deploy::HostResources,
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use super::{not_running::NotRunning, state::HostsState};
use crate::{
    browser,
    components::{
        Badge, Button, Callout, ConfirmByName, Dialog, DialogClose, DialogOpener, Icon, Look, MENU_ITEM,
        MarkedText, Menu, Meter, Sign, Status, TextInput, Tone, age_of, use_toasts,
    },
    deployment::{Joining, MAX_HOST_NAME_CHARACTERS, what_is_missing, words},
    rpc::hosts::{new_host_code, rotate_host_token},
};

/// How many capabilities the row names; the others are only counted.
const NAMED_CAPABILITIES: usize = 6;

#[component]
pub(super) fn HostRow(id: Uuid, state: HostsState) -> impl IntoView {
    let HostsState { hosts, joining, .. } = state;
    let host = Memo::new(move |_| hosts.with(|hosts| hosts.iter().find(|host| host.id == id).cloned()));
    let first = host.get_untracked();
    let seen = age_of(move || host.with(|host| host.as_ref().and_then(|host| host.last_seen_at)));
    let shown = Memo::new(move |_| host.with(|host| host.as_ref().map(words::of_host)).unwrap_or_default());
    let stage =
        Memo::new(move |_| host.with(|host| host.as_ref().map(|host| host.stage).unwrap_or_default()));
    let runs = move || stage.get() == HostStage::Running;
    let age = Signal::derive(move || if runs() { seen.get() } else { String::new() });
    // Not drawn again with each measurement of the host.
    let lacks = Memo::new(move |_| {
        host.with(|host| {
            host.as_ref().map(|host| (host.engine.is_some(), host.engine_missing, host.compose_missing))
        })
    });
    let missing = move || {
        lacks.track();
        host.with_untracked(|host| host.as_ref().filter(|_| runs()).and_then(what_is_missing))
    };
    let place = Memo::new(move |_| host.with(|host| host.as_ref().and_then(|host| host.agent_place.clone())));
    let of = move |part: fn(&Host) -> Option<String>| move || host.with(|host| host.as_ref().and_then(part));
    first.map(|first| {
        let menu = view! { <RowMenu host=first.clone() joining /> };
        view! {
            <li
                class="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-3 border-t border-line py-3 pr-2 pl-4 first:border-t-0 md:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_auto]"
                data-testid=format!("host-{}", first.name)
            >
                <div class="flex min-w-0 flex-col gap-1">
                    <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
                        <h2 class="min-w-0 text-control font-semibold wrap-anywhere">{of(|host| Some(host.name.clone()))}</h2>
                        {first.is_local.then(|| view! { <Badge>"this machine"</Badge> })}
                    </div>
                    <Status
                        state=Signal::derive(move || shown.get().0)
                        word=Signal::derive(move || shown.get().1.to_owned())
                        age
                    />
                    <p class="text-warn wrap-anywhere empty:hidden">{of(|host| host.remark.clone())}</p>
                    <p class="text-caption text-muted wrap-anywhere">{of(|host| Some(software(host)))}</p>
                    {move || (stage.get() == HostStage::Joined).then(|| view! { <NotRunning place=place.get() /> })}
                    {missing}
                    <p class="text-caption text-muted wrap-anywhere empty:hidden">{of(capabilities)}</p>
                </div>
                <div class="max-md:order-last max-md:col-span-2">
                    {move || host.with(|host| host.as_ref().and_then(|host| host.resources.clone())).map(resources)}
                </div>
                <div class="flex items-start gap-1">
                    <a class=Look::Quiet.class() href=format!("/deployments?host={id}")>
                        {of(|host| Some(words::counted(usize::try_from(host.deployments).unwrap_or(0), "deployment", "deployments")))}
                    </a>
                    {menu}
                </div>
            </li>
        }
    })
}

fn software(host: &Host) -> String {
    let agent = host.version.as_ref().map(|version| format!("agent {version}"));
    let engine = match (&host.engine, host.stage) {
        (Some(engine), _) => Some(engine.clone()),
        (None, HostStage::Running) => Some("no container engine answers there".to_owned()),
        (None, _) => None,
    };
    let parts: Vec<String> = engine.into_iter().chain(agent).collect();
    if host.stage == HostStage::Waiting && parts.is_empty() {
        "Give it a code with “New code…”, and run the steps there.".to_owned()
    } else {
        parts.join(" · ")
    }
}

fn capabilities(host: &Host) -> Option<String> {
    let named: Vec<&str> = host.capabilities.iter().take(NAMED_CAPABILITIES).map(String::as_str).collect();
    let more = host.capabilities.len().saturating_sub(NAMED_CAPABILITIES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!named.is_empty()).then(|| format!("Can do: {}{more}", named.join(", ")))
}

#[expect(clippy::cast_precision_loss, reason = "a bar of a few hundred pixels")]
fn resources(resources: HostResources) -> impl IntoView {
    let part = |used: u64, total: u64| if total == 0 { 0.0 } else { used as f64 / total as f64 * 100.0 };
    let HostResources {
        cpus,
        cpu_usage_pct,
        memory_total_bytes,
        memory_used_bytes,
        disk_total_bytes,
        disk_used_bytes,
    } = resources;
    view! {
        <div class="grid grid-cols-3 gap-3">
            <Meter label="CPU" percent=cpu_usage_pct.into() words=format!("{cpu_usage_pct:.0} % of {cpus}") />
            <Meter
                label="Memory"
                percent=part(memory_used_bytes, memory_total_bytes)
                words=of_bytes(memory_used_bytes, memory_total_bytes)
            />
            <Meter label="Disk" percent=part(disk_used_bytes, disk_total_bytes) words=of_bytes(disk_used_bytes, disk_total_bytes) />
        </div>
    }
}

/// "3.1 of 16 GB"
#[expect(clippy::cast_precision_loss, reason = "one digit behind the point")]
fn of_bytes(used: u64, total: u64) -> String {
    let gigabytes = |bytes: u64| {
        let gigabytes = bytes as f64 / 1e9;
        if gigabytes < 10.0 { format!("{gigabytes:.1}") } else { format!("{gigabytes:.0}") }
    };
    format!("{} of {} GB", gigabytes(used), gigabytes(total))
}

#[component]
fn RowMenu(host: Host, joining: RwSignal<Option<Joining>>) -> impl IntoView {
    let Host { id, name, is_local, deployments, .. } = host;
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    let for_code = name.clone();
    let new_code = (!is_local).then(|| view! { <NewCode id name=for_code joining /> });
    view! {
        <Menu id=format!("menu-{id}") label=format!("Actions for {name}") button>
            <DialogOpener dialog=format!("rename-{id}") class=MENU_ITEM>
                <Icon sign=Sign::Edit />
                "Rename…"
            </DialogOpener>
            {new_code}
            <DialogOpener dialog=format!("rotate-{id}") class=MENU_ITEM>
                <Icon sign=Sign::Restart />
                "Rotate token…"
            </DialogOpener>
            <DialogOpener dialog=format!("revoke-{id}") class=MENU_ITEM>
                <Icon sign=Sign::Trash />
                "Revoke…"
            </DialogOpener>
        </Menu>
        <RenameDialog id name=name.clone() />
        <RotateDialog id name=name.clone() />
        <RevokeDialog id name deployments />
    }
    .into_any()
}

/// The menu item that issues another enrolment code for a host.
#[component]
fn NewCode(id: Uuid, name: String, joining: RwSignal<Option<Joining>>) -> impl IntoView {
    let toasts = use_toasts();
    let ask = move |_| {
        let name = name.clone();
        spawn_local(async move {
            match new_host_code(id, browser::origin()).await {
                Ok(enrolment) => drop(joining.try_set(Some(Joining { name, enrolment }))),
                Err(error) => toasts.show(Tone::Error, error.to_string()),
            }
        });
    };
    view! {
        <button type="button" class=MENU_ITEM on:click=ask>
            <Icon sign=Sign::Key />
            "New code…"
        </button>
    }
}

#[component]
fn RenameDialog(id: Uuid, name: String) -> impl IntoView {
    let dialog = format!("rename-{id}");
    view! {
        <Dialog id=dialog.clone() title="Rename host">
            <form method="post" action=format!("/hosts/{id}/rename") class="flex flex-col gap-4">
                <TextInput id=format!("{dialog}-name") label="Name" name="name" value=name max_length=MAX_HOST_NAME_CHARACTERS required=true />
                <div class="flex flex-wrap justify-end gap-2">
                    <DialogClose dialog>"Cancel"</DialogClose>
                    <Button look=Look::Primary kind="submit">
                        "Rename"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}

#[component]
fn RotateDialog(id: Uuid, name: String) -> impl IntoView {
    let dialog = format!("rotate-{id}");
    let open = RwSignal::new(false);
    let answer = RwSignal::new(None::<Result<(), String>>);
    Effect::new(move || {
        if !open.get() {
            answer.set(None);
        }
    });
    let rotate = move |_| {
        spawn_local(async move {
            let done = rotate_host_token(id).await.map_err(|error| error.to_string());
            answer.try_set(Some(done));
        });
    };
    view! {
        <Dialog id=dialog.clone() title="Rotate the token" open>
            <div class="flex flex-col gap-4">
                <p>
                    {format!(
                        "The agent on “{name}” gets a new token with its next poll. The one it has now keeps working until the new one is used, and for a few minutes more, so nothing is interrupted. To shut an agent out at once, revoke its host.",
                    )}
                </p>
                {move || {
                    answer
                        .get()
                        .map(|answer| match answer {
                            Ok(()) => {
                                view! {
                                    <Callout tone=Tone::Ok title="The new token is on its way">
                                        "The agent takes it over by itself; there is nothing to do on the host."
                                    </Callout>
                                }
                                    .into_any()
                            }
                            Err(why) => view! { <Callout tone=Tone::Error title="The token was not rotated"><MarkedText text=why /></Callout> }.into_any(),
                        })
                }}
                <div class="flex flex-wrap justify-end gap-2">
                    <DialogClose dialog>"Close"</DialogClose>
                    {move || {
                        (answer.with(|answer| !matches!(answer, Some(Ok(())))))
                            .then(|| view! { <Button look=Look::Primary on:click=rotate>"Rotate token"</Button> })
                    }}
                </div>
            </div>
        </Dialog>
    }
}

#[component]
fn RevokeDialog(id: Uuid, name: String, deployments: i64) -> impl IntoView {
    let ends = match deployments {
        0 => "Nothing of yours runs there. ".to_owned(),
        1 => "The deployment there ends here: what runs goes on running, but can no longer be seen or changed. ".to_owned(),
        many => format!("The {many} deployments there end here: what runs goes on running, but can no longer be seen or changed. "),
    };
    view! {
        <ConfirmByName
            id=format!("revoke-{id}")
            title="Revoke host"
            action=format!("/hosts/{id}/revoke")
            lost=format!("The agent on “{name}” will not be let in any more")
            name
            verb="Revoke this host"
        >
            {ends}
            "Containers and volumes on the host stay as they are. To come back it has to join again, as a new host."
        </ConfirmByName>
    }
}

#[cfg(test)]
mod tests {
    use super::of_bytes;

    #[test]
    fn bytes_are_shown_in_gigabytes() {
        assert_eq!(of_bytes(3_100_000_000, 16_000_000_000), "3.1 of 16 GB");
    }
}
