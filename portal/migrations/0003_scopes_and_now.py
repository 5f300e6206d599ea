"""What else policies ask of the transaction: who has a place (the service, or the person alone), the scopes the acting
role opens, and the instant judged by."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION portal_principals() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$SELECT string_to_array(nullif(concat_ws(',', nullif(current_setting('portal.service_ids', true), ''),
                                          nullif(current_setting('portal.user_id', true), '')), ''), ',')::uuid[]$$;
CREATE FUNCTION portal_scopes() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$SELECT string_to_array(nullif(current_setting('portal.scopes', true), ''), ',')$$;
CREATE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
$$SELECT coalesce(nullif(current_setting('portal.now', true), '')::timestamptz, statement_timestamp())$$;
"""
BACKWARD = "DROP FUNCTION portal_now(); DROP FUNCTION portal_scopes(); DROP FUNCTION portal_principals();"


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_context_functions")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
