"""Providers, one attempt or all of them."""

from __future__ import annotations

from typing import Any

from forgeapp.errors.root import ForgeError


class ProviderError(ForgeError):
    """One attempt at one provider failed; `services.asking.policy` says what follows.

    Parameters: provider, model, and where known status, detail (the server's own words), retry_after_s.
    """

    key = "provider"
    message_template = "{provider} failed: {detail}."

    @property
    def retry_after_s(self) -> float | None:
        value = self.params.get("retry_after_s")
        return None if value is None else float(value)


class ProviderUnreachable(ProviderError):
    key = "provider_unreachable"
    message_template = "{provider} cannot be reached at {url}: {detail}."
    hint_template = "Check the network and the address: 'forgeapp providers list'."


class CertificateNotTrusted(ProviderUnreachable):
    key = "certificate_not_trusted"
    message_template = "{provider} at {url} cannot be trusted: {detail}."
    hint_template = (
        "Check the address. If a proxy or a firewall of your firm stands in between, set the environment variable "
        "SSL_CERT_FILE to a file with its certificate (PEM)."
    )


class ProviderTimeout(ProviderError):
    key = "provider_timeout"
    message_template = "{provider} did not answer in time."
    hint_template = "Try again later, or choose another model."


class StreamBroken(ProviderError):
    key = "stream_broken"
    message_template = "The reply of {provider} broke off: {detail}."
    hint_template = "Try again; what had arrived is kept."


class RateLimited(ProviderError):
    key = "rate_limited"
    message_template = "{provider} is answering too many requests right now."
    hint_template = "Wait a minute and try again, or choose another model."


class ProviderFailed(ProviderError):
    key = "provider_failed"
    message_template = "{provider} has a problem of its own (status {status})."
    hint_template = "Try again later, or choose another provider."


class KeyRejected(ProviderError):
    key = "key_rejected"
    message_template = "{provider} rejected the key (status {status})."
    hint_template = "Set a valid key: 'forgeapp keys set {provider}'."


class KeyUnusable(KeyRejected):
    key = "key_unusable"
    message_template = "The key for {provider} holds spaces or signs that no key has, and was not sent."


class RegionNotServed(KeyRejected):
    key = "region_not_served"
    message_template = "{provider} does not serve the country it is asked from: {detail}."
    hint_template = "Choose another provider; a proxy or VPN may make the country look another than it is."


class QuotaExhausted(ProviderError):
    key = "quota_exhausted"
    message_template = "The account at {provider} has no credit left."
    hint_template = "Add credit at the provider, or choose another provider."


class DailyQuotaUsed(QuotaExhausted):
    key = "daily_quota_used"
    message_template = "{provider} gives no more today: the quota of this day is used up."
    hint_template = "It goes on tomorrow by itself. Choose another provider until then, or have the quota raised there."


class RequestRejected(ProviderError):
    key = "request_rejected"
    message_template = "{provider} rejected the request (status {status}): {detail}."
    hint_template = "Check the model's name and the request: 'forgeapp providers models {provider}'."


class ModelNotFound(ProviderError):
    key = "model_not_found"
    message_template = "{provider} has no model {model} (status {status}): {detail}."
    hint_template = "See which it has: 'forgeapp providers models {provider} --refresh'; check the base URL, too."


class ContextTooLong(ProviderError):
    """`offer`: a model that can hold it, 'PROVIDER/MODEL', where one is known."""

    key = "context_too_long"
    message_template = "The request is too long for {model}."
    hint_template = "Shorten it, attach less, or choose {offer}."

    def __init__(self, **params: Any) -> None:
        super().__init__(**{"offer": "a model with a larger context", **params})


class ContentRefused(ProviderError):
    key = "content_refused"
    message_template = "{provider} declined to answer this request: {detail}."
    hint_template = "Reword the request, or choose another model."


class PicturesNotTaken(ProviderError):
    key = "pictures_not_taken"
    message_template = "{model} cannot look at pictures."
    hint_template = "Choose a model that can, or send the message without the picture."


class ModelTooLarge(ProviderError):
    key = "model_too_large"
    message_template = "{provider} has too little memory for {model}: {detail}."
    hint_template = (
        "Choose a smaller model, close other programs, or let it write less: "
        "'forgeapp providers set {provider} --max-output {model}=4096'."
    )


class UnreadableReply(ProviderError):
    key = "unreadable_reply"
    message_template = "{provider} answered with something that is not a reply: {detail}."
    hint_template = "Check the base URL: 'forgeapp providers list'."


class EmptyReply(ProviderError):
    key = "empty_reply"
    message_template = "{provider} answered with nothing."
    hint_template = "Ask again, reword the request, or choose another model."


class ProviderLeftOut(ForgeError):
    """Parameters: provider, failures, wait (as text, '40 s'), cause (the last error's message)."""

    key = "provider_left_out"
    message_template = "{provider} is left out for {wait}: {cause}"
    hint_template = "It is asked again by itself then. Ask it now with 'forgeapp providers test {provider}'."


class NoProvider(ForgeError):
    key = "no_provider"
    message_template = "No provider is set up that could answer."
    hint_template = (
        "Give one of 'forgeapp providers list' its key: 'forgeapp keys set NAME'. A server on this machine is found by "
        "'forgeapp providers find --add', any other is set up by 'forgeapp providers add'. Without a key: "
        "'forgeapp preview REQUEST' gives the prompt to copy into any chat, 'forgeapp paste FILE --request REQUEST' "
        "reads its reply."
    )
