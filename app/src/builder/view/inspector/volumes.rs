//! The inspector's table of mounts: one row for each mount, and an empty last row for a new one.

use domain::{
    compose::{Mount, Service},
    stack::Edit,
};
use leptos::{
    ev::{ClipboardEvent, FocusEvent, KeyboardEvent},
    prelude::*,
};

use super::{
    live_field::{Typing, Verdict},
    row::{Cell, NewCell, RemoveRow, RowError, leaves_row, pasted_lines},
};
use crate::builder::{
    model::{
        paste::{self, MountLine},
        validate,
    },
    state::{
        notices::Spot,
        session::{Session, use_session},
    },
};

#[component]
pub fn Volumes(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let count = Memo::new(move |_| {
        service.with(|service| service.as_ref().map_or(0, |service| service.volumes.len()))
    });
    let of_paste = name.clone();
    let paste = move |event: ClipboardEvent| {
        let Some(text) = pasted_lines(&event) else { return };
        let edits: Vec<Edit> =
            paste::mounts(&text).into_iter().map(|mount| added(&of_paste, mount)).collect();
        if !edits.is_empty() {
            event.prevent_default();
            session.edit(Spot::Inspector, &edits);
        }
    };
    let of_rows = name.clone();
    view! {
        <div class="rows" on:paste=paste>
            <div class="rows-head volume-row" aria-hidden="true">
                <span>"Volume or folder"</span>
                <span>"In the container"</span>
                <span>"Read only"</span>
            </div>
            <For each=move || 0..count.get() key=|index| *index let:index>
                <MountRow name=of_rows.clone() index service />
            </For>
            <NewMount name />
            <p class="text-caption text-muted">
                "A name is a volume that compose keeps; a path that begins with ./ or / is a folder of the host. Removing a line here never deletes data."
            </p>
        </div>
    }
}

fn added(service: &str, mount: MountLine) -> Edit {
    Edit::AddVolume {
        service: service.to_owned(),
        source: mount.source,
        target: mount.target,
        read_only: mount.read_only,
    }
}

/// The edits that rewrite a mount in its place. Only for mounts in the short form.
fn rewritten(session: Session, service: &str, mount: &Mount, new: &MountLine) -> Vec<Edit> {
    // Options without a field here (`z`, `cached`, …) are preserved.
    let kept = mount.text.as_deref().and_then(|text| text.splitn(3, ':').nth(2)).unwrap_or_default();
    let mut options: Vec<&str> =
        kept.split(',').filter(|option| !matches!(*option, "" | "ro" | "rw")).collect();
    if new.read_only {
        options.insert(0, "ro");
    }
    let mut text = match &new.source {
        Some(source) => format!("{source}:{}", new.target),
        None => new.target.clone(),
    };
    if !options.is_empty() {
        text = format!("{text}:{}", options.join(","));
    }
    let path = ["services", service, "volumes", &mount.index.to_string()].map(str::to_owned).to_vec();
    let mut edits = vec![Edit::SetKey { path, value: text.into() }];
    if let Some(source) = new.source.as_ref().filter(|source| !source.starts_with(['.', '/', '~', '$'])) {
        let declared = session.document.stack().model().volume(source).is_some();
        if !declared {
            edits.push(Edit::SetKey {
                path: vec!["volumes".to_owned(), source.clone()],
                value: serde_json::Value::Null,
            });
        }
    }
    edits
}

#[component]
fn MountRow(name: String, index: usize, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let mount = Memo::new(move |_| {
        service.with(|service| service.as_ref().and_then(|service| service.volumes.get(index).cloned()))
    });
    let errors = [RwSignal::new(None), RwSignal::new(None), RwSignal::new(None)];
    let own = name.clone();
    let write = move |change: &dyn Fn(&mut MountLine)| -> Verdict {
        let Some(mount) = mount.get_untracked() else { return Ok(()) };
        if mount.text.is_none() {
            return Err("This entry is written in the long form: change it in the compose file.".to_owned());
        }
        let mut new = MountLine {
            source: mount.source.clone(),
            target: mount.target.clone(),
            read_only: mount.read_only,
        };
        change(&mut new);
        let done = session.type_in(&format!("volume-{index}"), &rewritten(session, &own, &mount, &new));
        session.document.settle();
        done
    };
    let (set_source, set_target, set_mode) = (write.clone(), write.clone(), write);
    let read_only = move || mount.with(|mount| mount.as_ref().is_some_and(|mount| mount.read_only));
    view! {
        <div class="row">
            <div class="volume-row">
                <Cell
                    testid=format!("volume-{index}-source")
                    label="Volume or folder"
                    typing=Typing::new(
                        Signal::derive(move || mount.get().and_then(|mount| mount.source).unwrap_or_default()),
                        move |text| {
                            set_source(&|line| line.source = (!text.trim().is_empty()).then(|| text.trim().to_owned()))
                        },
                    )
                        .checked_by(|text| validate::optional(text.trim(), validate::mount_source))
                        .on_leaving()
                    placeholder="unnamed"
                    error=errors[0]
                />
                <Cell
                    testid=format!("volume-{index}-target")
                    label="Place in the container"
                    typing=Typing::new(
                        Signal::derive(move || mount.get().map(|mount| mount.target).unwrap_or_default()),
                        move |text| set_target(&|line| text.trim().clone_into(&mut line.target)),
                    )
                        .checked_by(|text| validate::mount_target(text.trim()))
                        .on_leaving()
                    error=errors[1]
                />
                <input
                    type="checkbox"
                    class="justify-self-center"
                    data-testid=format!("volume-{index}-read-only")
                    aria-label="Read only"
                    prop:checked=read_only
                    on:change=move |event| {
                        let wanted = event_target_checked(&event);
                        errors[2].set(set_mode(&|line| line.read_only = wanted).err());
                    }
                />
                <RemoveRow
                    testid=format!("volume-{index}-remove")
                    label="Remove this mount"
                    on_remove=Callback::new(move |()| {
                        session.edit(Spot::Inspector, &[Edit::RemoveVolume { service: name.clone(), index }]);
                    })
                />
            </div>
            <RowError error=Signal::derive(move || errors.iter().find_map(|error| error.get())) />
        </div>
    }
}

#[component]
fn NewMount(name: String) -> impl IntoView {
    let session = use_session();
    let (source, target) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<String>);
    let add = move || {
        let (from, to) = (source.get_untracked().trim().to_owned(), target.get_untracked().trim().to_owned());
        if from.is_empty() && to.is_empty() {
            error.set(None);
            return;
        }
        // The user may have typed all of `data:/var/lib/data` into the first field.
        let whole = if to.is_empty() {
            paste::mounts(&from).into_iter().find(|mount| mount.source.is_some())
        } else {
            None
        };
        let mount = whole.unwrap_or(MountLine {
            source: (!from.is_empty()).then_some(from),
            target: to,
            read_only: false,
        });
        let done = validate::mount_target(&mount.target)
            .and_then(|()| {
                validate::optional(mount.source.as_deref().unwrap_or_default(), validate::mount_source)
            })
            .and_then(|()| session.type_in("new-volume", &[added(&name, mount)]));
        session.document.settle();
        error.set(done.clone().err());
        if done.is_ok() {
            source.set(String::new());
            target.set(String::new());
        }
    };
    let on_leave = add.clone();
    view! {
        <div
            class="row"
            on:focusout=move |event: FocusEvent| {
                if leaves_row(&event) {
                    on_leave();
                }
            }
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "Enter" {
                    add();
                }
            }
        >
            <div class="volume-row">
                <NewCell testid="volume-new-source" label="New volume or folder" text=source placeholder="data" />
                <NewCell testid="volume-new-target" label="Its place in the container" text=target placeholder="/var/lib/data" />
            </div>
            <RowError error />
        </div>
    }
}
