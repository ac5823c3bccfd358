#!/bin/sh
# What BusyBox's DHCP client calls when something happens: configures the interface as it was told.
case $1 in
  bound | renew)
    # shellcheck disable=SC2154
    ip addr replace "$ip/$mask" dev "$interface"
    for each in $router; do ip route replace default via "$each"; done
    ;;
esac
