//! The general tab of a service: name, image, command, restart, user, note, dependencies.

use domain::{
    compose::{Command, Service},
    stack::Edit,
};
use leptos::prelude::*;
use serde_json::Value;

use super::{
    dependencies::Dependencies,
    image::ImageFields,
    live_field::{LiveField, Typing, Verdict},
};
use crate::{
    builder::{
        model::{selection::Selection, validate, words},
        state::{
            notices::Spot,
            session::{Session, use_session},
        },
    },
    components::Select,
};

#[component]
pub fn General(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-3">
            <NameField name=name.clone() />
            <ImageFields name=name.clone() service />
            <Dependencies name=name.clone() service />
            <CommandField name=name.clone() service kind=CommandKind::Command />
            <CommandField name=name.clone() service kind=CommandKind::Entrypoint />
            <Restart name=name.clone() service />
            <User name=name.clone() service />
            <Note name />
        </div>
    }
}

#[component]
fn NameField(name: String) -> impl IntoView {
    let session = use_session();
    let own = name.clone();
    let check = move |text: String| {
        session.document.read(|stack| validate::service_name(&text, stack.model(), Some(&own)))
    };
    let old = name.clone();
    let commit = move |to: String| -> Verdict {
        session.type_in(
            "name",
            &[Edit::RenameService { service: old.clone(), to: to.clone(), uncertain: None }],
        )?;
        session.document.settle();
        session.select(Selection::service(&to));
        Ok(())
    };
    view! {
        <LiveField
            id="inspector-name"
            label="Name"
            typing=Typing::new(Signal::stored(name), commit).checked_by(check).on_leaving()
        />
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CommandKind {
    Command,
    Entrypoint,
}

#[component]
fn CommandField(name: String, service: Memo<Option<Service>>, kind: CommandKind) -> impl IntoView {
    let session = use_session();
    let (id, label, help) = match kind {
        CommandKind::Command => ("inspector-command", "Command", "Leave empty for the image default."),
        CommandKind::Entrypoint => (
            "inspector-entrypoint",
            "Entrypoint",
            "Runs before the command, with the command as its arguments. Leave empty for the image default.",
        ),
    };
    let command = move || {
        service.with(|service| {
            let service = service.as_ref()?;
            let command = match kind {
                CommandKind::Command => &service.command,
                CommandKind::Entrypoint => &service.entrypoint,
            };
            command.as_ref().map(|command| command.value.clone())
        })
    };
    let value = Signal::derive(move || match command() {
        Some(Command::Line(line)) => line,
        Some(Command::Words(words)) => words::join(&words),
        None => String::new(),
    });
    let commit = move |text: String| -> Verdict {
        let is_list = matches!(untrack(command), Some(Command::Words(_)));
        let new = if text.trim().is_empty() {
            Value::Null
        } else {
            let words = words::split(&text).ok_or("A quote is open. Close it with the same quote.")?;
            // Preserves the form of the command: a list stays a list, and a line stays a line.
            if is_list { words.into() } else { Value::String(text) }
        };
        let edit = match kind {
            CommandKind::Command => Edit::SetCommand { service: name.clone(), command: new },
            CommandKind::Entrypoint => Edit::SetEntrypoint { service: name.clone(), entrypoint: new },
        };
        session.type_in(id, &[edit])
    };
    view! { <LiveField id label typing=Typing::new(value, commit) help mono=true /> }
}

#[component]
fn Restart(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let value = Memo::new(move |_| {
        service.with(|service| {
            service
                .as_ref()
                .and_then(|service| service.restart.as_ref().map(|restart| restart.value.clone()))
                .unwrap_or_default()
        })
    });
    let known = [
        ("", "Not set"),
        ("no", "No"),
        ("unless-stopped", "Unless stopped"),
        ("always", "Always"),
        ("on-failure", "On failure"),
    ];
    let mut options: Vec<(String, String)> =
        known.into_iter().map(|(value, label)| (value.to_owned(), label.to_owned())).collect();
    let current = value.get_untracked();
    if !known.iter().any(|(value, _)| *value == current) {
        options.push((current.clone(), current));
    }
    let change = move |restart: String| {
        let restart = (!restart.is_empty()).then_some(restart);
        session.edit(Spot::Inspector, &[Edit::SetRestart { service: name.clone(), restart }]);
    };
    view! { <Select id="inspector-restart" label="Restart" options value=value on_change=Callback::new(change) attr:data-testid="inspector-restart-field" /> }
}

#[component]
fn User(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let value = Signal::derive(move || {
        service.with(|service| {
            let user = service.as_ref().and_then(|service| service.user.as_ref());
            user.map(|user| user.value.clone()).unwrap_or_default()
        })
    });
    let commit = move |text: String| -> Verdict {
        let path = ["services", &name, "user"].map(str::to_owned).to_vec();
        let there = session.document.stack().model().root.at(&path).is_some();
        let edit = match (text.trim(), there) {
            ("", true) => Some(Edit::RemoveKey { path }),
            ("", false) => None,
            (user, _) => Some(Edit::SetKey { path, value: user.into() }),
        };
        session.type_in("user", edit.as_slice())
    };
    view! {
        <LiveField
            id="inspector-user"
            label="User"
            typing=Typing::new(value, commit).checked_by(|text| validate::user(text.trim())).on_leaving()
            help="Name or number, with a group after a colon: 1000:1000. Leave empty for the image default."
            placeholder="1000:1000"
            mono=true
        />
    }
}

#[component]
fn Note(name: String) -> impl IntoView {
    let session: Session = use_session();
    let own = name.clone();
    let value = Signal::derive(move || {
        session.document.read(|stack| stack.canvas().notes.get(&own).cloned()).unwrap_or_default()
    });
    let commit = move |text: String| {
        let note = (!text.trim().is_empty()).then_some(text);
        session.type_in("note", &[Edit::SetNote { service: name.clone(), note }])
    };
    view! {
        <LiveField
            id="inspector-note"
            label="Note"
            typing=Typing::new(value, commit)
            help="For people. It is stored with the project, not in the compose file."
        />
    }
}
