//! Reading answers whose length somebody else decides.

use reqwest::Response;

use super::error::OutboundError;

/// The whole body, or [`OutboundError::TooLarge`] as soon as it is known to be longer than `limit_bytes`.
pub async fn read_at_most(mut response: Response, limit_bytes: usize) -> Result<Vec<u8>, OutboundError> {
    let too_large = OutboundError::TooLarge { limit_bytes };
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).map_or(true, |announced| announced > limit_bytes) {
        return Err(too_large);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit_bytes {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The first `limit_bytes` of the body. The rest is not read.
pub async fn read_beginning(mut response: Response, limit_bytes: usize) -> Result<Vec<u8>, OutboundError> {
    let mut body = Vec::new();
    while body.len() < limit_bytes
        && let Some(chunk) = response.chunk().await?
    {
        let wanted = chunk.len().min(limit_bytes - body.len());
        body.extend_from_slice(&chunk[..wanted]);
    }
    Ok(body)
}
