//! What the client asks for and is capable of.

use std::str::FromStr;

use serde::Deserialize;
use tower_lsp_server::ls_types::{ClientCapabilities, CodeDescription, InitializeParams, MarkupKind, Uri};

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The address of a Stacker server, whose pages explain the rules; without a slash at its end.
    server: Option<String>,
    pub hover_format: Format,
    /// Whether edits may name the version of the document.
    pub versioned_edits: bool,
    /// Whether the client can watch files for us.
    pub watches_files: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    Markdown,
    #[default]
    Plain,
}

/// `initializationOptions`: `{"server": "https://stacker.example.com"}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    server: Option<String>,
}

impl Options {
    pub fn of(params: &InitializeParams) -> Self {
        let asked = params.initialization_options.clone().unwrap_or_default();
        // Options that are not understood are none: clients send those of other servers, too.
        let asked: Asked = serde_json::from_value(asked).unwrap_or_default();
        let server = asked.server.map(|server| server.trim_end_matches('/').to_owned());
        Self { server: server.filter(|server| is_address(server)), ..Self::able(&params.capabilities) }
    }

    fn able(client: &ClientCapabilities) -> Self {
        let document = client.text_document.as_ref();
        let workspace = client.workspace.as_ref();
        let formats = document.and_then(|document| document.hover.as_ref()?.content_format.as_ref());
        let markdown = formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown));
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let watching = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        Self {
            server: None,
            hover_format: if markdown { Format::Markdown } else { Format::Plain },
            versioned_edits: edits.is_some_and(|edits| edits.document_changes == Some(true)),
            watches_files: watching.is_some_and(|watching| watching.dynamic_registration == Some(true)),
        }
    }

    /// The page of a rule, if there is a server to show it.
    pub fn page(&self, code: &str) -> Option<CodeDescription> {
        let server = self.server.as_ref()?;
        domain::check::pages::page(code)?;
        let href = Uri::from_str(&format!("{server}/docs/rules/{code}")).ok()?;
        Some(CodeDescription { href })
    }
}

fn is_address(server: &str) -> bool {
    url::Url::parse(server).is_ok_and(|url| url.scheme() == "https" && url.has_host())
}
