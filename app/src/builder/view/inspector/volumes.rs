//! The inspector's table of mounts: one row for each mount, and an empty last row for a new one.

use domain::{
    compose::{Mount, Service},
    stack::Edit,
};
use leptos::prelude::*;

use super::{
    live_field::{Typing, Verdict},
    row::{Cell, NewField, NewRow, Row, Rows, first_error},
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
    let name = StoredValue::new(name);
    let pasted = move |text: String| {
        paste::mounts(&text).into_iter().map(|mount| added(&name.get_value(), mount)).collect::<Vec<_>>()
    };
    let add = move |(from, to): (String, String)| -> Verdict {
        let (from, to) = (from.trim().to_owned(), to.trim().to_owned());
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
        validate::mount_target(&mount.target)?;
        validate::optional(mount.source.as_deref().unwrap_or_default(), validate::mount_source)?;
        session.type_in("new-volume", &[added(&name.get_value(), mount)])
    };
    view! {
        <Rows class="volume-row" head=&["Volume or folder", "In the container", "Read only"] pasted>
            <For each=move || 0..count.get() key=|index| *index let:index>
                <MountRow name=name.get_value() index service />
            </For>
            <NewRow class="volume-row" fields=NEW_MOUNT add />
        </Rows>
        <p class="pt-1 text-caption text-muted">
            "A name is a volume that keeps its data. A path that begins with ./ or / is a folder on the host. Removing a line here never deletes data."
        </p>
    }
}

const NEW_MOUNT: [NewField; 2] = [
    NewField { testid: "volume-new-source", label: "New volume or folder", placeholder: "data" },
    NewField { testid: "volume-new-target", label: "Path in the container", placeholder: "/var/lib/data" },
];

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
    let errors = [const { None::<String> }; 3].map(RwSignal::new);
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
    let remove = move |()| {
        session.edit(Spot::Inspector, &[Edit::RemoveVolume { service: name.clone(), index }]);
    };
    let read_only = move || mount.with(|mount| mount.as_ref().is_some_and(|mount| mount.read_only));
    view! {
        <Row
            class="volume-row"
            error=first_error(errors)
            remove=(format!("volume-{index}-remove"), "Remove this mount".to_owned())
            on_remove=remove
        >
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
                    label="Path in the container"
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
        </Row>
    }
}
