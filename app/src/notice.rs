//! Notices: the result of a plain form, shown on the page that the form leads back to (`/?notice=name-invalid`).
//!
//! Forms post to the server without scripts and get a redirect. The redirect contains a code, never a text; otherwise an
//! attacker could craft a link that shows their own words on our pages. The server builds the address with [`Notice::on`].

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{Callout, Tone};

/// To add a notice, add a variant with its code, title and text, and an entry in [`Notice::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    SignedOut,
    SignedOutEverywhere,
    SignInDenied,
    SignInExpired,
    SignInRefused,
    ProviderUnavailable,
    CodeInvalid,
    NameInvalid,
    Unreadable,
    TooLarge,
    ConfirmMismatch,
    TransferConfirmMismatch,
    HostConfirmMismatch,
    HostNameInvalid,
    NoSuchHost,
    NoSuchClient,
    NotFound,
    Forbidden,
    HasDeployments,
    LacksRole,
    InvitationInvalid,
    OwnProject,
    NoSuchMember,
    OnHosts,
    NewOwnerHasNoRoom,
    LimitReached,
    Conflict,
    TooManyAttempts,
    Failed,
}

impl Notice {
    pub const ALL: [Self; 29] = [
        Self::SignedOut,
        Self::SignedOutEverywhere,
        Self::SignInDenied,
        Self::SignInExpired,
        Self::SignInRefused,
        Self::ProviderUnavailable,
        Self::CodeInvalid,
        Self::NameInvalid,
        Self::Unreadable,
        Self::TooLarge,
        Self::ConfirmMismatch,
        Self::TransferConfirmMismatch,
        Self::HostConfirmMismatch,
        Self::HostNameInvalid,
        Self::NoSuchHost,
        Self::NoSuchClient,
        Self::NotFound,
        Self::Forbidden,
        Self::HasDeployments,
        Self::LacksRole,
        Self::InvitationInvalid,
        Self::OwnProject,
        Self::NoSuchMember,
        Self::OnHosts,
        Self::NewOwnerHasNoRoom,
        Self::LimitReached,
        Self::Conflict,
        Self::TooManyAttempts,
        Self::Failed,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::SignedOutEverywhere => "signed-out-everywhere",
            Self::SignInDenied => "sign-in-denied",
            Self::SignInExpired => "sign-in-expired",
            Self::SignInRefused => "sign-in-refused",
            Self::ProviderUnavailable => "provider-unavailable",
            Self::CodeInvalid => "code-invalid",
            Self::NameInvalid => "name-invalid",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::ConfirmMismatch => "confirm-mismatch",
            Self::TransferConfirmMismatch => "transfer-confirm-mismatch",
            Self::HostConfirmMismatch => "host-confirm-mismatch",
            Self::HostNameInvalid => "host-name-invalid",
            Self::NoSuchHost => "no-such-host",
            Self::NoSuchClient => "no-such-client",
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::HasDeployments => "has-deployments",
            Self::LacksRole => "lacks-role",
            Self::InvitationInvalid => "invitation-invalid",
            Self::OwnProject => "own-project",
            Self::NoSuchMember => "no-such-member",
            Self::OnHosts => "on-hosts",
            Self::NewOwnerHasNoRoom => "new-owner-has-no-room",
            Self::LimitReached => "limit-reached",
            Self::Conflict => "conflict",
            Self::TooManyAttempts => "too-many-attempts",
            Self::Failed => "failed",
        }
    }

    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.code() == code)
    }

    /// The URL of a page that shows this notice. `page` is a path of this app without a query.
    pub fn on(self, page: &str) -> String {
        format!("{page}?notice={}", self.code())
    }

    /// Whether the notice reports a success.
    pub fn is_good(self) -> bool {
        matches!(self, Self::SignedOut | Self::SignedOutEverywhere)
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::SignedOut => "You are signed out",
            Self::SignedOutEverywhere => "You are signed out everywhere",
            Self::SignInDenied => "You were not signed in",
            Self::SignInExpired => "This sign-in took too long",
            Self::SignInRefused => "The provider does not say who you are",
            Self::ProviderUnavailable => "The sign-in provider does not answer",
            Self::CodeInvalid => "This sign-in link does not work any more",
            Self::NameInvalid => "This name cannot be used",
            Self::Unreadable => "The compose file could not be read",
            Self::TooLarge => "The file is too large",
            Self::ConfirmMismatch => "Nothing was deleted",
            Self::TransferConfirmMismatch => "Nothing was given away",
            Self::HostConfirmMismatch => "Nothing was revoked",
            Self::HostNameInvalid => "This name cannot be used",
            Self::NoSuchHost => "There is no such host",
            Self::NoSuchClient => "There is no such API client",
            Self::NotFound => "There is no such project",
            Self::Forbidden => "You may not do this",
            Self::HasDeployments => "Nothing was deleted",
            Self::LacksRole => "Only its owner may do this",
            Self::InvitationInvalid => "This code lets nobody in",
            Self::OwnProject => "This project is yours already",
            Self::NoSuchMember => "They are no longer in this project",
            Self::OnHosts => "The project runs on hosts of yours",
            Self::NewOwnerHasNoRoom => "They have no room for it",
            Self::LimitReached => "The limit is reached",
            Self::Conflict => "The project was changed elsewhere in the meantime",
            Self::TooManyAttempts => "Too many attempts",
            Self::Failed => "Something failed on the server",
        }
    }

    /// What was preserved, and what to do next.
    pub fn text(self) -> &'static str {
        match self {
            Self::SignedOut => "Everything you saved is there when you come back.",
            Self::SignedOutEverywhere => {
                "In no browser is anybody signed in as you any more. Tokens of programs go on working."
            }
            Self::SignInDenied => {
                "The provider was told not to, by you or by its rules. Nothing was changed here."
            }
            Self::SignInExpired => {
                "It was begun in another browser, or more than 15 minutes ago. Begin again."
            }
            Self::SignInRefused => {
                "It did not accept what it gave out itself, or its answer names nobody. If it stays so, whoever runs this server finds the reason in its log."
            }
            Self::ProviderUnavailable => "Nothing is wrong with you or your stacks. Try again in a moment.",
            Self::CodeInvalid => {
                "It was used already, or it is older than 15 minutes. Get a new one as described below."
            }
            Self::NameInvalid => "Nothing was changed. Use 1 to 50 characters on one line, not only spaces.",
            Self::Unreadable => {
                "It is no valid YAML, so no project was made. Run “stacker check” on the file to see the line, or paste a corrected one."
            }
            Self::TooLarge => "Compose files of up to 1 MiB can be opened. No project was made.",
            Self::ConfirmMismatch | Self::TransferConfirmMismatch | Self::HostConfirmMismatch => {
                "The name you typed is another one. Type it exactly as shown."
            }
            Self::HostNameInvalid => {
                "Nothing was changed. Use 1 to 100 characters on one line, not only spaces."
            }
            Self::NoSuchHost => "It was revoked, or it belongs to somebody else.",
            Self::NoSuchClient | Self::NotFound => "It was deleted, or it belongs to somebody else.",
            Self::Forbidden => "Nothing was changed. Ask the person who runs this server.",
            Self::HasDeployments => "The project has deployments. Remove them first.",
            Self::LacksRole => "You were let into this project for less. Nothing was changed.",
            Self::InvitationInvalid => {
                "It was used, was taken back, or is older than a week. Ask whoever sent it for a new one."
            }
            Self::NoSuchMember => "Nothing was given away. Invite them again first.",
            Self::OnHosts => "Nothing was given away: hosts stay yours. Take those deployments down first.",
            Self::NewOwnerHasNoRoom => {
                "Nothing was given away. They have as many projects, or as large ones, as one account may have here."
            }
            Self::OwnProject => "The invitation is still good: send its code to the person it is for.",
            Self::LimitReached => {
                "Nothing was changed. Delete projects you no longer need, or ask the person who runs this server."
            }
            Self::Conflict => "Nothing was overwritten. Look at the current version, then try again.",
            Self::TooManyAttempts => "Wait a minute, then try again.",
            Self::Failed => "Nothing was changed. Try again; the server's log has the details.",
        }
    }
}

/// The notice that the page's URL names, if any.
#[component]
pub(crate) fn NoticeLine() -> impl IntoView {
    let query = use_query_map();
    let notice = Memo::new(move |_| query.read().get("notice").and_then(|code| Notice::of_code(&code)));
    move || {
        notice.get().map(|notice| {
            let tone = if notice.is_good() { Tone::Ok } else { Tone::Error };
            view! {
                <Callout tone title=notice.title()>
                    {notice.text()}
                </Callout>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Notice;

    #[test]
    fn every_code_leads_back_to_its_notice() {
        for notice in Notice::ALL {
            assert_eq!(Notice::of_code(notice.code()), Some(notice));
        }
    }

    #[test]
    fn unknown_text_is_not_shown_as_a_notice() {
        assert_eq!(Notice::of_code("<b>Call this number</b>"), None);
    }
}
