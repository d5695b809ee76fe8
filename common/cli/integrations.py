"""runjobs integrations: accounts that users connected. What they let us act by is never shown."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

import click

from common.cli.consents import print_all, scopes_of, secret_in, shown_of
from common.cli.parts import json_option, print_json
from common.dispatch import Client

if TYPE_CHECKING:
    from common.documents import Documents
    from common.integrations import Integrations

__all__ = ["integrations_command"]

_user = click.option(
    "--user", required=True, metavar="USER", help="Whose it is: an id or an e-mail address."
)
_tenant = click.option(
    "--tenant", default="", metavar="TENANT", help="Whose user that is; without, the operator's."
)
_provider = click.option("--provider", default="google", show_default=True, metavar="NAME")


@click.group("integrations")
def integrations_command() -> None:
    """Accounts that users connected, such as Google's: list them, add, remove, change the key."""


@integrations_command.command("list")
@click.option("--tenant", metavar="TENANT", help="Of this tenant only.")
@json_option
def list_command(*, tenant: str | None, in_json: bool) -> None:
    """List the accounts that users connected.

    Those that need their users' consent again are `needs_reauth`.
    """
    from common.integrations import Integrations

    with Client() as client:
        found = Integrations(client.documents).list(tenant=tenant)
    if in_json:
        print_json([shown_of(each) for each in found])
    elif found:
        print_all(found)
    else:
        click.echo("No account is connected.", err=True)


@integrations_command.command("add")
@click.argument("file", type=click.File("rb"))
@_user
@_tenant
@_provider
@click.option("--account", default="", help="Whom the user is there; else as the file says.")
@click.option(
    "--check", is_flag=True, help="Ask Google, too: for an access token, and whose account it is."
)
@json_option
def add_command(  # noqa: PLR0913 - the parts of a consent
    *,
    file: IO[bytes],
    user: str,
    tenant: str,
    provider: str,
    account: str,
    check: bool,
    in_json: bool,
) -> None:
    """Keep a user's consent in the place of an earlier one.

    It is kept encrypted. FILE, or - for standard input, is the JSON of an authorized user, as
    google-auth writes it (`Credentials.to_json()`), gcloud does, or a web application's callback
    can put it together: refresh_token and, unless GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET are
    set, client_id and client_secret.
    """
    from common.integrations import Integrations

    if check:
        _only_google(provider)
    secret = secret_in(file)
    whose = {"tenant": tenant, "user": user, "provider": provider}
    with Client() as client:
        kept = Integrations(client.documents)
        account = account or str(secret.get("account") or "")
        scopes = scopes_of(secret)
        saved = kept.save(**whose, secret=secret, account=account, scopes=scopes)
        if check:
            saved = kept.note(saved, account=_account(client.documents, tenant, user, account))
    if in_json:
        print_json(shown_of(saved))
    else:
        known = f" as {saved.account}" if saved.account else ""
        click.echo(f"{user} is connected to {provider}{known}: integration {saved.id}.")


@integrations_command.command("remove")
@_user
@_tenant
@_provider
@click.option("--revoke", is_flag=True, help="Have Google forget it first.")
@json_option
def remove_command(*, user: str, tenant: str, provider: str, revoke: bool, in_json: bool) -> None:
    """Forget a user's consent. At Google it stays unless it is revoked, or the user does so there.

    Where Google cannot be asked, nothing is forgotten here either.
    """
    from common.integrations import Integrations, NoSuchIntegration

    with Client() as client:
        kept = Integrations(client.documents)
        if revoke:
            _revoke(kept, tenant, user, provider)
        removed = kept.remove(tenant=tenant, user=user, provider=provider)
    if not removed:
        raise NoSuchIntegration(user, provider)
    if in_json:
        print_json({"tenant": tenant, "user": user, "provider": provider, "removed": True})
    else:
        click.echo(f"{user} is not connected to {provider} any more.")


@integrations_command.command("rotate")
@json_option
def rotate_command(*, in_json: bool) -> None:
    """Encrypt all that is kept with the newest key.

    That is the first one in ENCRYPTION_KEY. Afterwards the older keys can be dropped. What no key
    decrypts is left alone, named, and makes the command end with 1.
    """
    from common.integrations import Integrations

    with Client() as client:
        done = Integrations(client.documents).rotate()
    if in_json:
        lost = [*done.unreadable]
        print_json({"changed": done.changed, "unchanged": done.unchanged, "unreadable": lost})
    else:
        click.echo(f"{done.changed:,} now have the newest key, {done.unchanged:,} had it already.")
    for id in done.unreadable:
        click.echo(f"Error: no key in ENCRYPTION_KEY decrypts integration {id}.", err=True)
    sys.exit(1 if done.unreadable else 0)


def _only_google(provider: str) -> None:
    if provider != "google":
        raise click.UsageError("This command can ask google only: leave --check or --revoke out.")


def _revoke(kept: Integrations, tenant: str, user: str, provider: str) -> None:
    from common.google import revoke

    _only_google(provider)
    if found := kept.find(tenant=tenant, user=user, provider=provider):
        revoke(kept, found)


def _account(documents: Documents, tenant: str, user: str, known: str) -> str:
    """Whose account it is, as Google says where it may; else as is known."""
    from common.google import MissingScope, open_account

    with open_account(documents, tenant=tenant, user=user, patience=20) as opened:
        try:
            return str(opened.get("oauth2", "userinfo").get("email", known)).lower()
        except MissingScope:
            return known.lower()
