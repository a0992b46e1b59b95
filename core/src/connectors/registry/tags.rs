//! The tags of a repository.

use std::{cmp::Reverse, sync::Arc};

use reqwest::{
    Response, StatusCode, Url,
    header::{HeaderMap, LINK},
};
use serde::Deserialize;

use super::{
    error::{InvalidImage, LookUpError},
    line::Version,
    session::{Redirects, Session, unexpected},
};
use crate::connectors::outbound::read_at_most;

const MAX_PAGES: usize = 10;
const MAX_TAGS: usize = 10_000;
const PAGE: &str = "1000";
const MAX_PAGE_BYTES: usize = 4 * 1024 * 1024;
/// The longest tag that the specification allows.
const MAX_TAG: usize = 128;

/// The tags of one repository, in the order of the registry. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tags {
    names: Arc<[String]>,
    is_complete: bool,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPage {
    /// The newest versions first, then what is no version.
    pub tags: Vec<String>,
    /// How many tags were found; more than there are in `tags` if the limit cut them.
    pub found: usize,
    /// Whether every tag of the repository was searched.
    pub is_complete: bool,
}

impl Tags {
    pub fn new(names: Vec<String>) -> Self {
        Self { names: names.into(), is_complete: true }
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The tags that contain a text, in upper or lower case.
    pub fn search(&self, text: &str, limit: usize) -> TagPage {
        let text = text.trim().to_lowercase();
        let mut tags: Vec<&String> =
            self.names.iter().filter(|tag| tag.to_lowercase().contains(&text)).collect();
        // Stable: tags of the same version stay as the registry lists them.
        tags.sort_by_cached_key(|tag| Reverse(Version::read(tag).map(|version| version.numbers)));
        let found = tags.len();
        let tags = tags.into_iter().take(limit).cloned().collect();
        TagPage { tags, found, is_complete: self.is_complete }
    }
}

#[derive(Deserialize)]
struct Page {
    /// Some registries send `null` for none.
    tags: Option<Vec<String>>,
}

/// Whether a repository shows a tag: the proof that it exists and is readable.
pub(super) async fn has_any(session: &Session<'_>) -> Result<bool, LookUpError> {
    let (page, _) = match get_page(session, first(session, "1")).await {
        Err(LookUpError::NotReadable) => return Ok(false),
        answer => answer?,
    };
    Ok(!page.is_empty())
}

pub(super) async fn read(session: &Session<'_>) -> Result<Tags, LookUpError> {
    let mut names = Vec::new();
    let mut next = Some(first(session, PAGE));
    for _ in 0..MAX_PAGES {
        let Some(url) = next.take() else { break };
        let (page, following) = get_page(session, url).await?;
        names.extend(page.into_iter().filter(|tag| tag.len() <= MAX_TAG));
        next = following.filter(|_| names.len() < MAX_TAGS);
    }
    let is_complete = next.is_none() && names.len() <= MAX_TAGS;
    names.truncate(MAX_TAGS);
    Ok(Tags { names: names.into(), is_complete })
}

fn first(session: &Session<'_>, count: &str) -> Url {
    let mut url = session.endpoint.url(session.place, "tags/list");
    url.query_pairs_mut().append_pair("n", count);
    url
}

/// A page, and the address of the next one.
async fn get_page(session: &Session<'_>, url: Url) -> Result<(Vec<String>, Option<Url>), LookUpError> {
    let response = session.get(url.clone(), "application/json", Redirects::WhenAnonymous).await?;
    check(&response)?;
    let next = next_page(response.headers(), &url);
    let body = read_at_most(response, MAX_PAGE_BYTES).await?;
    let page: Page = serde_json::from_slice(&body).map_err(|_| InvalidImage::NoManifest)?;
    Ok((page.tags.unwrap_or_default(), next))
}

fn check(response: &Response) -> Result<(), LookUpError> {
    match response.status() {
        status if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
            Err(LookUpError::NotReadable)
        }
        status => Err(unexpected(status)),
    }
}

/// `Link: </v2/app/tags/list?last=b&n=1000>; rel="next"`. A page elsewhere is not a page of this list.
fn next_page(headers: &HeaderMap, url: &Url) -> Option<Url> {
    let link = headers.get(LINK)?.to_str().ok()?;
    let (target, parameters) = link.split_once('<')?.1.split_once('>')?;
    let next = url.join(target).ok().filter(|_| parameters.replace('"', "").contains("rel=next"))?;
    (next.origin() == url.origin() && next.path() == url.path()).then_some(next)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_newest_versions_come_first() {
        let tags =
            Tags::new(["latest", "9.6", "16.1", "16.10", "alpine", "16.10-alpine"].map(str::to_owned).into());
        let page = tags.search("", 4);
        assert_eq!(page.tags, ["16.10", "16.10-alpine", "16.1", "9.6"]);
        assert_eq!((page.found, page.is_complete), (6, true));
        assert_eq!(tags.search(" ALPINE", 9).tags, ["16.10-alpine", "alpine"]);
    }

    #[rstest]
    #[case("</v2/app/tags/list?last=b&n=2>; rel=\"next\"", true)]
    #[case("<https://r.example.com/v2/app/tags/list?last=b>; rel=next", true)]
    #[case("<https://evil.example.com/v2/app/tags/list?last=b>; rel=\"next\"", false)]
    #[case("</v2/other/tags/list>; rel=\"next\"", false)]
    #[case("</v2/app/tags/list?last=b>; rel=\"prev\"", false)]
    #[case("nonsense", false)]
    fn only_a_page_of_the_same_list_is_the_next_one(#[case] link: &str, #[case] expected: bool) {
        let headers = HeaderMap::from_iter([(LINK, HeaderValue::from_str(link).unwrap())]);
        let url = "https://r.example.com/v2/app/tags/list?n=2".parse().unwrap();
        assert_eq!(next_page(&headers, &url).is_some(), expected);
    }
}
